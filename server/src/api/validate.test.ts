import { expect, it } from 'vitest'
import { cognitoIdentity } from '../cognito-identity/service.ts'
import { cognitoIdp } from '../cognito-idp/service.ts'
import { findViolations } from './validate.ts'

const violations = (operation: string, input: unknown): string | undefined =>
  findViolations(cognitoIdp, operation, cognitoIdp.model.operations[operation]?.input, input)

it('finds nothing wrong with a good input', () => {
  expect(violations('SignUp', { ClientId: 'abc', Username: 'ann', Password: 'Passw0rd! x' })).toBeUndefined()
})

it('names every violation in one message, and no sensitive value', () => {
  expect(violations('SignUp', { ClientId: 'a b', Password: '', Username: 'x'.repeat(129) })).toBe(
    [
      "4 validation errors detected: Value at 'clientId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+]+",
      "Value at 'username' failed to satisfy constraint: Member must have length less than or equal to 128",
      "Value at 'password' failed to satisfy constraint: Member must have length greater than or equal to 6",
      "Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$",
    ].join('; '),
  )
})

it('names what is missing', () => {
  expect(violations('CreateGroup', { GroupName: 'g' })).toBe(
    "1 validation error detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null",
  )
})

it('counts entries of lists from one and shows the path', () => {
  expect(violations('ListUsers', { UserPoolId: 'us-east-1_AbCdEfGhI', AttributesToGet: ['ok', 'x'.repeat(40)] })).toBe(
    `1 validation error detected: Value '${'x'.repeat(40)}' at 'attributesToGet.2.member' failed to satisfy constraint: Member must have length less than or equal to 32`,
  )
})

it('names null items of lists', () => {
  expect(violations('ListUsers', { UserPoolId: 'us-east-1_AbCdEfGhI', AttributesToGet: ['ok', null] })).toBe(
    "1 validation error detected: Value null at 'attributesToGet.2.member' failed to satisfy constraint: Member must not be null",
  )
  expect(violations('SignUp', { ClientId: 'abc', Username: 'ann', UserAttributes: [null] })).toBe(
    "1 validation error detected: Value null at 'userAttributes.1.member' failed to satisfy constraint: Member must not be null",
  )
})

it('shows enums and ranges', () => {
  expect(violations('ListUserPools', { MaxResults: 61 })).toBe(
    "1 validation error detected: Value '61' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 60",
  )
  expect(violations('AdminCreateUser', { UserPoolId: 'us-east-1_AbCdEfGhI', Username: 'x', MessageAction: 'NO' })).toBe(
    "1 validation error detected: Value 'NO' at 'messageAction' failed to satisfy constraint: Member must satisfy enum value set: [RESEND, SUPPRESS]",
  )
})

it('names no more than fifty violations', () => {
  const attributes = Array.from({ length: 9_000 }, () => ({}))
  const message = violations('SignUp', {
    ClientId: 'abc',
    Username: 'ann',
    Password: 'Passw0rd!',
    UserAttributes: attributes,
  })
  expect(message).toMatch(/^50 validation errors detected: /)
  expect(message).toContain("'userAttributes.50.member.name'")
  expect(message).not.toContain("'userAttributes.51.member.name'")
})

it('shows the beginning of a list that is too long', () => {
  const Schema = Array.from({ length: 9_000 }, () => ({ Name: 'x' }))
  expect(violations('CreateUserPool', { PoolName: 'p', Schema })).toBe(
    `1 validation error detected: Value '${JSON.stringify(Schema).slice(0, 1024)}' at 'schema' failed to satisfy constraint: Member must have length less than or equal to 50`,
  )
})

it('shows nothing from inside of sensitive members', () => {
  const message = violations('InitiateAuth', {
    ClientId: 'abc',
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { PASSWORD: `secret${'x'.repeat(140_000)}` },
  })
  expect(message).toContain("Value at 'authParameters.PASSWORD.member' failed")
  expect(message).not.toContain('secret')
})

it.each([
  ['😀'.repeat(256), true],
  ['😀'.repeat(257), false],
  ['😀'.repeat(5), false],
  ['Passw0rd!', true],
  ['inner space 1A!', true],
  [' Passw0rd!', false],
  ['Passw0rd! ', false],
])('takes the password %j: %s', (Password, good) => {
  expect(violations('SignUp', { ClientId: 'abc', Username: 'ann', Password }) === undefined).toBe(good)
})

it('holds a new password in the answer of a challenge to the same rules, and shows nothing of it', () => {
  const text =
    "1 validation error detected: Value at 'challengeResponses.NEW_PASSWORD.member' failed to satisfy constraint:"
  for (const operation of ['RespondToAuthChallenge', 'AdminRespondToAuthChallenge']) {
    const answer = (NEW_PASSWORD: string) =>
      violations(operation, {
        UserPoolId: 'us-east-1_AbCdEfGhI',
        ClientId: 'abc',
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        ChallengeResponses: { USERNAME: 'ann', NEW_PASSWORD },
      })
    expect(answer('Passw0rd! x')).toBeUndefined()
    expect(answer(' Passw0rd!')).toBe(`${text} Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$`)
    expect(answer('x'.repeat(257))).toBe(`${text} Member must have length less than or equal to 256`)
    expect(answer('short')).toBe(`${text} Member must have length greater than or equal to 6`)
  }
})

it('shows nothing of a map of sensitive values, such as logins', () => {
  const find = (Logins: Record<string, string>): string | undefined =>
    findViolations(cognitoIdentity, 'GetId', 'GetIdInput', { IdentityPoolId: 'us-east-1:0', Logins })
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`provider${at}`, 'a-token']))
  expect(find(many)).toBe(
    "1 validation error detected: Value at 'logins' failed to satisfy constraint: Member must have length less than or equal to 10",
  )
  expect(find({ ['p'.repeat(129)]: 'a-token' })).not.toContain('a-token')
})
