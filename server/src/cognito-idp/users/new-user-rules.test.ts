import { describe, expect, it } from 'vitest'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { invitesWithoutPassword, nameInMessage, nameNewUser, needsNoPassword } from './new-user-rules.ts'

const settings = (more: Partial<UserPoolSettings>): UserPoolSettings => ({ Name: 'p', SchemaAttributes: [], ...more })
const SUB = '34c84488-e0e1-40ae-92ee-991ad1a898c8'

// The texts of refused names are tested with AdminCreateUser.
describe('nameNewUser', () => {
  it('keeps a name where it is one, in lower case where case does not matter', () => {
    expect(nameNewUser(settings({}), SUB, 'Ann', { name: 'A' })).toEqual({ username: 'Ann', attributes: { name: 'A' } })
    const folded = settings({ UsernameConfiguration: { CaseSensitive: false } })
    expect(nameNewUser(folded, SUB, 'Ann', {})).toEqual({ username: 'ann', attributes: {} })
  })

  it('makes the name an attribute where users are known by it, as it was typed', () => {
    const pool = settings({ UsernameAttributes: ['email'], UsernameConfiguration: { CaseSensitive: false } })
    expect(nameNewUser(pool, SUB, 'Ann@X.com', {})).toEqual({ username: SUB, attributes: { email: 'Ann@X.com' } })
    const given = nameNewUser(pool, SUB, 'ann@x.com', { email: 'Ann@X.com', name: 'A' })
    expect(given).toEqual({ username: SUB, attributes: { email: 'Ann@X.com', name: 'A' } })
    expect(nameNewUser(pool, SUB, 'ann@x.com', { email: 'bob@x.com' })).toHaveProperty(
      'refused',
      'InvalidParameterException',
    )
  })

  it('regards case in the attribute where the pool does', () => {
    const pool = settings({ UsernameAttributes: ['email'] })
    expect(nameNewUser(pool, SUB, 'ann@x.com', { email: 'Ann@x.com' })).toHaveProperty(
      'refused',
      'InvalidParameterException',
    )
  })
})

describe('needsNoPassword', () => {
  it.each([
    [['PASSWORD'], { email: 'a@x' }, false],
    [['PASSWORD', 'EMAIL_OTP'], { email: 'a@x' }, true],
    [['PASSWORD', 'EMAIL_OTP'], { phone_number: '+1' }, false],
    [['SMS_OTP'], { phone_number: '+1' }, true],
    [['PASSWORD', 'WEB_AUTHN'], { email: 'a@x', phone_number: '+1' }, false],
  ] as const)('%j with %j: %s', (factors, attributes, expected) => {
    const SignInPolicy = { AllowedFirstAuthFactors: [...factors] }
    expect(needsNoPassword(settings({ Policies: { SignInPolicy } }), attributes)).toBe(expected)
  })

  it('is not the case where nothing is said', () => {
    expect(needsNoPassword(settings({}), { email: 'a@x' })).toBe(false)
  })
})

describe('nameInMessage', () => {
  const user = { username: 'u', attributes: { email: 'a@x', phone_number: '+1' } }

  it('is the username, or what the reader signs in with', () => {
    expect(nameInMessage(settings({}), user, 'email')).toBe('u')
    expect(nameInMessage(settings({ UsernameAttributes: ['email'] }), user, 'email')).toBe('a@x')
    expect(nameInMessage(settings({ UsernameAttributes: ['email'] }), user, 'phone_number')).toBe('a@x')
    expect(nameInMessage(settings({ UsernameAttributes: ['email', 'phone_number'] }), user, 'phone_number')).toBe('+1')
    const nameless = { username: 'u', attributes: {} }
    expect(nameInMessage(settings({ UsernameAttributes: ['email'] }), nameless, 'email')).toBe('u')
  })
})

describe('invitesWithoutPassword', () => {
  it('is said by words of the pool that have no place for a password', () => {
    const words = (EmailMessage: string) =>
      settings({ AdminCreateUserConfig: { InviteMessageTemplate: { EmailMessage } } })
    expect(invitesWithoutPassword(settings({}), 'EMAIL')).toBe(false)
    expect(invitesWithoutPassword(words('{username} {####}'), 'EMAIL')).toBe(false)
    expect(invitesWithoutPassword(words('Welcome {username}'), 'EMAIL')).toBe(true)
    expect(invitesWithoutPassword(words('Welcome {username}'), 'SMS')).toBe(false)
  })
})
