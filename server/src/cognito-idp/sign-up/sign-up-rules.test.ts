import { describe, expect, it } from 'vitest'
import { standardAttributes } from '../user-pools/attribute-schema.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { decideSignUp } from './sign-up-rules.ts'

const SUB = '3f0c0000-0000-4000-8000-000000000000'
const CLIENT = { ClientName: 'app' }
const pool = (settings: Partial<UserPoolSettings> = {}): UserPoolSettings => ({
  Name: 'test',
  SchemaAttributes: [...standardAttributes],
  ...settings,
})
const list = (attributes: Record<string, string | undefined>) =>
  Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))

describe('decideSignUp', () => {
  it('says that addresses are unverified, drops empty values, and adds nothing else', () => {
    const UserAttributes = list({ email: 'a@example.org', phone_number: '+1555', name: 'Ann', nickname: '' })
    expect(decideSignUp(pool(), CLIENT, SUB, { Username: 'ann', Password: 'Passw0rd!', UserAttributes })).toEqual({
      username: 'ann',
      password: 'Passw0rd!',
      attributes: {
        email: 'a@example.org',
        email_verified: 'false',
        phone_number: '+1555',
        phone_number_verified: 'false',
        name: 'Ann',
      },
    })
    expect(decideSignUp(pool(), CLIENT, SUB, { Username: 'ann', Password: 'Passw0rd!' })).toMatchObject({
      attributes: {},
    })
  })

  // Each sign-up breaks one more rule than the one before, and the rule checked first gives the error.
  it('checks in the order of the service', () => {
    const schema = pool({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      UsernameAttributes: ['email'],
    })
    const open = { ...schema, AdminCreateUserConfig: { AllowAdminCreateUserOnly: false } }
    const narrow = { ...CLIENT, WriteAttributes: ['email'] }
    const wrong = {
      Username: 'ann',
      Password: 'weakpw',
      UserAttributes: list({ 'custom:none': 'x', picture: undefined }),
    }
    const end = (...args: Parameters<typeof decideSignUp>) => {
      const decided = decideSignUp(...args)
      return 'refused' in decided ? `${decided.refused}: ${decided.message}` : 'ok'
    }
    expect(end(schema, narrow, SUB, wrong)).toBe('NotAuthorizedException: SignUp is not permitted for this user pool')
    expect(end(open, narrow, SUB, wrong)).toBe(
      'NotAuthorizedException: A client attempted to write unauthorized attribute',
    )
    expect(end(open, CLIENT, SUB, wrong)).toBe('InvalidParameterException: Username should be an email.')
    const named = { ...wrong, Username: 'a@example.org' }
    expect(end(open, CLIENT, SUB, named)).toMatch(/^InvalidPasswordException/)
    const strong = { ...named, Password: 'Passw0rd!' }
    expect(end(open, CLIENT, SUB, strong)).toBe(
      'InvalidParameterException: Attribute value for picture must not be null',
    )
    expect(end(open, CLIENT, SUB, { ...strong, UserAttributes: list({ 'custom:none': 'x' }) })).toMatch(
      /does not exist/,
    )
    expect(end(open, CLIENT, SUB, { ...strong, UserAttributes: [] })).toBe('ok')
  })

  it('refuses attributes with names of members that every object has', () => {
    for (const Name of ['constructor', 'toString', 'hasOwnProperty']) {
      const input = { Username: 'ann', Password: 'Passw0rd!', UserAttributes: [{ Name, Value: 'x' }] }
      expect(decideSignUp(pool(), CLIENT, SUB, input)).toMatchObject({ refused: 'InvalidParameterException' })
    }
    const dunder = { Username: 'ann', Password: 'Passw0rd!', UserAttributes: [{ Name: '__proto__', Value: 'x' }] }
    const decided = decideSignUp(pool(), CLIENT, SUB, dunder)
    expect('attributes' in decided && Object.getPrototypeOf(decided.attributes)).toBe(Object.prototype)
  })
})
