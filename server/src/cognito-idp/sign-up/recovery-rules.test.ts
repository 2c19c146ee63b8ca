import { describe, expect, it } from 'vitest'
import { standardAttributes } from '../user-pools/attribute-schema.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { StoredUser } from '../users/user-store.ts'
import { decideRecovery, recoveryOrder, resetRefusal } from './recovery-rules.ts'

type Name = 'verified_email' | 'verified_phone_number' | 'admin_only'
const pool = (names?: Name[], more: Partial<UserPoolSettings> = {}): UserPoolSettings => ({
  Name: 'test',
  SchemaAttributes: [...standardAttributes],
  ...(names && {
    AccountRecoverySetting: { RecoveryMechanisms: names.map((Name, i) => ({ Name, Priority: i + 1 })) },
  }),
  ...more,
})
const user = (more: Partial<StoredUser> = {}) => ({
  enabled: true,
  status: 'CONFIRMED' as const,
  attributes: {
    email: 'a@example.org',
    email_verified: 'true',
    phone_number: '+15551234567',
    phone_number_verified: 'true',
  },
  mfa: {},
  ...more,
})
const EMAIL = { contact: 'email', value: 'a@example.org' }
const PHONE = { contact: 'phone_number', value: '+15551234567' }

describe('recoveryOrder', () => {
  it('is the phone, then e-mail, where the pool says nothing', () => {
    expect(recoveryOrder(pool())).toEqual(['phone_number', 'email'])
    expect(recoveryOrder(pool([]))).toEqual(['phone_number', 'email'])
  })

  it('follows priorities, not positions', () => {
    const RecoveryMechanisms = [
      { Name: 'verified_phone_number' as const, Priority: 2 },
      { Name: 'verified_email' as const, Priority: 1 },
    ]
    expect(recoveryOrder({ ...pool(), AccountRecoverySetting: { RecoveryMechanisms } })).toEqual([
      'email',
      'phone_number',
    ])
  })

  it('is empty where only an administrator resets', () => expect(recoveryOrder(pool(['admin_only']))).toEqual([]))
})

describe('decideRecovery', () => {
  it('takes the first verified contact', () => {
    expect(decideRecovery(pool(), user())).toEqual(PHONE)
    expect(decideRecovery(pool(['verified_email', 'verified_phone_number']), user())).toEqual(EMAIL)
    const { phone_number_verified: _, ...attributes } = user().attributes
    expect(decideRecovery(pool(), user({ attributes }))).toEqual(EMAIL)
    expect(decideRecovery(pool(['verified_phone_number']), user({ attributes }))).toEqual({ refused: 'no-contact' })
    expect(decideRecovery(pool(), user({ attributes: {} }))).toEqual({ refused: 'no-contact' })
  })

  it.each([
    ['UNCONFIRMED', PHONE],
    ['CONFIRMED', PHONE],
    ['RESET_REQUIRED', PHONE],
    ['FORCE_CHANGE_PASSWORD', { refused: 'wrong-state' }],
    ['EXTERNAL_PROVIDER', { refused: 'wrong-state' }],
  ] as const)('of a user who is %s', (status, expected) => {
    expect(decideRecovery(pool(), user({ status }))).toEqual(expected)
  })

  it('says why not, the pool first', () => {
    expect(decideRecovery(pool(), undefined)).toEqual({ refused: 'unknown' })
    expect(decideRecovery(pool(['admin_only']), undefined)).toEqual({ refused: 'admin-only' })
    expect(decideRecovery(pool(['admin_only']), user())).toEqual({ refused: 'admin-only' })
    expect(decideRecovery(pool(), user({ enabled: false, status: 'FORCE_CHANGE_PASSWORD' }))).toEqual({
      refused: 'disabled',
    })
  })

  const ON = { MfaConfiguration: 'OPTIONAL' as const }
  it('leaves out a contact that is the second factor, too', () => {
    const sms = { PreferredMfaSetting: 'SMS_MFA', UserMFASettingList: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'] }
    expect(decideRecovery(pool(undefined, ON), user({ mfa: sms }))).toEqual(EMAIL)
    expect(decideRecovery(pool(['verified_phone_number'], ON), user({ mfa: sms }))).toEqual({ refused: 'no-contact' })
    expect(decideRecovery(pool(undefined, ON), user({ mfa: { UserMFASettingList: ['SMS_MFA'] } }))).toEqual(EMAIL)
    // Passkeys beside it are first factors.
    const beside = { UserMFASettingList: ['SMS_MFA', 'WEB_AUTHN'] }
    expect(decideRecovery(pool(undefined, ON), user({ mfa: beside }))).toEqual(EMAIL)
    const email = { UserMFASettingList: ['EMAIL_OTP', 'SOFTWARE_TOKEN_MFA'], PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' }
    expect(decideRecovery(pool(['verified_email', 'verified_phone_number'], ON), user({ mfa: email }))).toEqual(PHONE)
    const legacy = { MFAOptions: [{ DeliveryMedium: 'SMS' as const, AttributeName: 'phone_number' }] }
    expect(decideRecovery(pool(undefined, ON), user({ mfa: legacy }))).toEqual(EMAIL)
  })

  it('uses the phone when SMS is active but not preferred, and any contact where the pool has no second factor', () => {
    const mfa = { PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA', UserMFASettingList: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'] }
    expect(decideRecovery(pool(undefined, ON), user({ mfa }))).toEqual(PHONE)
    expect(decideRecovery(pool(), user({ mfa: { PreferredMfaSetting: 'SMS_MFA' } }))).toEqual(PHONE)
  })
})

describe('resetRefusal', () => {
  it('looks at the user alone', () => {
    expect(resetRefusal(user())).toBeUndefined()
    expect(resetRefusal(user({ enabled: false }))).toBe('disabled')
    expect(resetRefusal(user({ status: 'EXTERNAL_PROVIDER' }))).toBe('wrong-state')
  })
})
