import {
  AdminGetUserCommand,
  AdminResetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmForgotPasswordCommand,
  type CreateUserPoolCommandInput,
  GetUserCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeClient, makePool, makeUser, signIn, useTestServer } from '../../../test/harness.ts'

const Schema: CreateUserPoolCommandInput['Schema'] = [
  { Name: 'given_name', Required: true },
  { Name: 'fixed', AttributeDataType: 'String', Mutable: false },
  { Name: 'level', AttributeDataType: 'String', Mutable: true, DeveloperOnlyAttribute: true },
  { Name: 'score', AttributeDataType: 'Number', Mutable: true, NumberAttributeConstraints: { MaxValue: '10' } },
]
const AutoVerifiedAttributes: CreateUserPoolCommandInput['AutoVerifiedAttributes'] = ['email']

describe.each(engines)('AdminUpdateUserAttributes on %s', (engine) => {
  const server = useTestServer({ engine })
  let plain: string
  let verifying: string
  let pending: string
  let byEmail: string
  let clientId: string

  beforeAll(async () => {
    plain = (await makePool(server, { Schema })).Id
    verifying = (await makePool(server, { AliasAttributes: ['email', 'phone_number'], AutoVerifiedAttributes })).Id
    const UserAttributeUpdateSettings = { AttributesRequireVerificationBeforeUpdate: ['email' as const] }
    pending = (await makePool(server, { AutoVerifiedAttributes, UserAttributeUpdateSettings })).Id
    byEmail = (await makePool(server, { UsernameAttributes: ['email'] })).Id
    clientId = (await makeClient(server, verifying)).ClientId
  })

  const update = (UserPoolId: string, Username: string, attributes: Record<string, string>) => {
    const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))
    return server.admin.send(new AdminUpdateUserAttributesCommand({ UserPoolId, Username, UserAttributes }))
  }
  const attributesOf = async (UserPoolId: string, Username: string) => {
    const user = await server.admin.send(new AdminGetUserCommand({ UserPoolId, Username }))
    return Object.fromEntries((user.UserAttributes ?? []).map(({ Name, Value }) => [Name, Value]))
  }
  const sentTo = async (to: string) =>
    (await server.outbox.messages(1000)).filter((message) => message.to === to).length
  const verifiedUser = (poolId: string, name: string) =>
    makeUser(server, poolId, name, { email: `${name}@example.com`, email_verified: 'true' })

  describe('ok', () => {
    it('writes any attribute, developer-only ones too, and deletes blank ones', async () => {
      const sub = await makeUser(server, plain, 'ann', { given_name: 'Ann', nickname: 'A' })
      await update(plain, sub, { name: 'Ann A', 'dev:custom:level': '2', 'custom:score': '7', nickname: '' })
      const expected = { sub, given_name: 'Ann', name: 'Ann A', 'dev:custom:level': '2', 'custom:score': '7' }
      expect(await attributesOf(plain, 'ann')).toEqual(expected)
    })

    it('moves the date of the last change', async () => {
      await makeUser(server, plain, 'dated', { given_name: 'D' })
      server.clock.advance(60_000)
      await update(plain, 'dated', { name: 'D' })
      const user = await server.admin.send(new AdminGetUserCommand({ UserPoolId: plain, Username: 'dated' }))
      const { UserCreateDate, UserLastModifiedDate } = user
      expect(Number(UserLastModifiedDate) - Number(UserCreateDate)).toBeGreaterThanOrEqual(60_000)
    })

    it('writes an immutable attribute that the user has not', async () => {
      await makeUser(server, plain, 'late', { given_name: 'L' })
      await update(plain, 'late', { 'custom:fixed': 'once' })
      expect(await attributesOf(plain, 'late')).toMatchObject({ 'custom:fixed': 'once' })
    })
  })

  describe('addresses', () => {
    it('are unverified when changed, and a code goes to the new one where the pool verifies', async () => {
      await verifiedUser(verifying, 'change')
      await update(verifying, 'change', { email: 'changed@example.com' })
      expect(await attributesOf(verifying, 'change')).toMatchObject({
        email: 'changed@example.com',
        email_verified: 'false',
      })
      expect([await sentTo('changed@example.com'), await sentTo('change@example.com')]).toEqual([1, 0])
      await expectRefusal(attributesOf(verifying, 'changed@example.com'), 'UserNotFoundException')
      await expectRefusal(attributesOf(verifying, 'change@example.com'), 'UserNotFoundException')
    })

    it('are verified by that code', async () => {
      await verifiedUser(verifying, 'code')
      const { AccessToken } = await signIn(server, clientId, 'code')
      await update(verifying, 'code', { email: 'code2@example.com' })
      const Code = await server.outbox.latestCode('code2@example.com')
      await server.app.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code }))
      expect((await attributesOf(verifying, 'code2@example.com')).email_verified).toBe('true')
    })

    it('get no code when marked verified in the same request, or when the pool does not verify them', async () => {
      await verifiedUser(verifying, 'marked')
      await update(verifying, 'marked', { email: 'marked2@example.com', email_verified: 'TRUE' })
      expect((await attributesOf(verifying, 'marked2@example.com')).email_verified).toBe('true')
      expect(await sentTo('marked2@example.com')).toBe(0)
      await update(verifying, 'marked', { phone_number: '+15550200001' })
      expect(await attributesOf(verifying, 'marked')).toMatchObject({ phone_number_verified: 'false' })
      expect(await sentTo('+15550200001')).toBe(0)
    })

    it('keep their verification, and get no code, when written again as they are', async () => {
      await verifiedUser(verifying, 'same')
      await update(verifying, 'same', { email: 'same@example.com', name: 'S' })
      expect(await attributesOf(verifying, 'same@example.com')).toMatchObject({ email_verified: 'true', name: 'S' })
      expect(await sentTo('same@example.com')).toBe(0)
    })

    it('can be marked verified and unverified alone, which makes and ends the alias', async () => {
      await makeUser(server, verifying, 'flag', { email: 'flag@example.com' })
      await update(verifying, 'flag', { email_verified: 'true' })
      expect((await attributesOf(verifying, 'flag@example.com')).email_verified).toBe('true')
      await update(verifying, 'flag', { email_verified: 'false' })
      await expectRefusal(attributesOf(verifying, 'flag@example.com'), 'UserNotFoundException')
    })

    it('wait for their verification where the pool says so', async () => {
      await verifiedUser(pending, 'wait')
      const { ClientId } = await makeClient(server, pending)
      const { AccessToken } = await signIn(server, ClientId, 'wait')
      await update(pending, 'wait', { email: 'waiting@example.com', email_verified: 'false', name: 'W' })
      expect(await attributesOf(pending, 'wait')).toMatchObject({
        email: 'wait@example.com',
        email_verified: 'true',
        name: 'W',
      })
      const Code = await server.outbox.latestCode('waiting@example.com')
      await server.app.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code }))
      expect(await attributesOf(pending, 'wait')).toMatchObject({
        email: 'waiting@example.com',
        email_verified: 'true',
      })
    })

    it('do not wait when marked verified, and an older code is void', async () => {
      await verifiedUser(pending, 'direct')
      const { ClientId } = await makeClient(server, pending)
      const { AccessToken } = await signIn(server, ClientId, 'direct')
      await update(pending, 'direct', { email: 'older@example.com' })
      const Code = await server.outbox.latestCode('older@example.com')
      await update(pending, 'direct', { email: 'newer@example.com', email_verified: 'true' })
      const verify = new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code })
      await expectRefusal(server.app.send(verify), 'ExpiredCodeException')
      expect(await attributesOf(pending, 'direct')).toMatchObject({ email: 'newer@example.com' })
    })

    it('that are replaced void the codes that were sent to them', async () => {
      await verifiedUser(verifying, 'stolen')
      const name = { UserPoolId: verifying, Username: 'stolen' }
      await server.admin.send(new AdminResetUserPasswordCommand(name))
      const ConfirmationCode = await server.outbox.latestCode('stolen@example.com')
      await update(verifying, 'stolen', { email: 'rescued@example.com', email_verified: 'true' })
      const input = { ClientId: clientId, Username: 'stolen', Password: 'N3w!password', ConfirmationCode }
      await expectRefusal(server.app.send(new ConfirmForgotPasswordCommand(input)), 'ExpiredCodeException')
    })

    it('are the name to sign in with at once where users are known by them', async () => {
      await makeUser(server, byEmail, 'old@example.com')
      const { ClientId } = await makeClient(server, byEmail)
      await update(byEmail, 'old@example.com', { email: 'new@example.com' })
      const { AccessToken } = await signIn(server, ClientId, 'new@example.com')
      expect((await server.app.send(new GetUserCommand({ AccessToken }))).UserAttributes).toContainEqual({
        Name: 'email',
        Value: 'new@example.com',
      })
      await expectRefusal(signIn(server, ClientId, 'old@example.com'), 'UserNotFoundException')
    })
  })

  describe('AliasExistsException', () => {
    const message = 'An account with the given email already exists.'

    it('for a verified address that is an alias of another, and nothing is changed or sent', async () => {
      await verifiedUser(verifying, 'owner')
      await makeUser(server, verifying, 'rival', { name: 'R' })
      const changes = { email: 'owner@example.com', email_verified: 'true', name: 'X' }
      await expectRefusal(update(verifying, 'rival', changes), 'AliasExistsException', message)
      expect(await attributesOf(verifying, 'rival')).toMatchObject({ name: 'R' })
      await update(verifying, 'rival', { email: 'owner@example.com' })
      const verify = update(verifying, 'rival', { email_verified: 'true' })
      await expectRefusal(verify, 'AliasExistsException', message)
    })

    it('for an address by which another user is known', async () => {
      await makeUser(server, byEmail, 'a@example.com')
      await makeUser(server, byEmail, 'b@example.com')
      const call = update(byEmail, 'b@example.com', { email: 'a@example.com' })
      await expectRefusal(call, 'AliasExistsException', message)
    })

    it('lets one of many users at once have an address', async () => {
      const names = ['r1', 'r2', 'r3', 'r4']
      for (const name of names) await makeUser(server, verifying, name)
      const changes = { email: 'contested@example.com', email_verified: 'true' }
      const outcomes = await Promise.allSettled(names.map((name) => update(verifying, name, changes)))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    })
  })

  describe('refusals', () => {
    it.each([
      [{ 'custom:none': '1' }, 'user.custom:none: Attribute does not exist in the schema.\n'],
      [{ email: 'nowhere' }, 'Invalid email address format.'],
      [{ phone_number: '12345' }, 'Invalid phone number format.'],
      [{ 'custom:score': '11' }, 'user.custom:score: Number must be less than or equal to 10\n'],
      [{ email_verified: 'maybe' }, 'user.email_verified: Boolean must be true or false\n'],
      [{ given_name: '' }, 'Invalid user attributes: given_name: Required attribute cannot be deleted.'],
      [{ 'custom:fixed': '2' }, 'user.custom:fixed: Attribute cannot be updated.\n'],
      [{ sub: 'x' }, 'user.sub: Attribute cannot be updated.\n'],
    ] as [Record<string, string>, string][])('InvalidParameterException for %j', async (changes, message) => {
      const name = `r-${Object.keys(changes)[0]?.replace(':', '-')}`
      await makeUser(server, plain, name, { given_name: 'G', 'custom:fixed': '1' })
      const before = await attributesOf(plain, name)
      await expectRefusal(update(plain, name, { nickname: 'N', ...changes }), 'InvalidParameterException', message)
      expect(await attributesOf(plain, name)).toEqual(before)
    })

    it('InvalidParameterException for a preferred username that is an address', async () => {
      const AliasAttributes = ['email' as const, 'preferred_username' as const]
      const pool = (await makePool(server, { AliasAttributes })).Id
      await makeUser(server, pool, 'spy')
      const message = 'Preferred username cannot be of email format, since user pool is configured for email alias.'
      for (const preferred_username of ['cfo@corp.com', 'cfo\uff20corp.com'])
        await expectRefusal(update(pool, 'spy', { preferred_username }), 'InvalidParameterException', message)
      await update(pool, 'spy', { preferred_username: '+15550100040' })
      expect(await attributesOf(pool, '+15550100040')).toMatchObject({ preferred_username: '+15550100040' })
    })

    it('InvalidParameterException for an attribute without value', async () => {
      const input = { UserPoolId: plain, Username: 'ann', UserAttributes: [{ Name: 'picture', Value: undefined }] }
      const call = server.admin.send(new AdminUpdateUserAttributesCommand(input))
      await expectRefusal(call, 'InvalidParameterException', 'Attribute value for picture must not be null')
    })

    it('UserNotFoundException for an unknown user', async () => {
      const call = update(plain, 'nobody', { name: 'N' })
      await expectRefusal(call, 'UserNotFoundException', 'User does not exist.')
    })

    it('an unsigned call', async () => {
      const UserAttributes = [{ Name: 'name', Value: 'Mallory' }]
      const { json } = await server.raw('AdminUpdateUserAttributes', {
        UserPoolId: plain,
        Username: 'ann',
        UserAttributes,
      })
      expect(json.__type).toBe('MissingAuthenticationTokenException')
      expect(await attributesOf(plain, 'ann')).not.toMatchObject({ name: 'Mallory' })
    })
  })
})
