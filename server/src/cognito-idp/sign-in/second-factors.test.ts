// The setting of the pool, what the pool offers, what the user has, and what the user has turned on: which second factors
// a sign-in asks for. docs/reference/user-pools.md 9.8.
import { describe, expect, it } from 'vitest'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { UserMfa } from '../users/mfa-settings.ts'
import type { StoredUser } from '../users/user-store.ts'
import { maySetUp, type SecondFactor, secondFactorNames, secondFactorsOf } from './factor-rules.ts'

const SMS = { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' } }
const TOTP = { SoftwareTokenMfaConfiguration: { Enabled: true } }
const EMAIL = { EmailMfaConfiguration: {} }
const ALL = { ...SMS, ...TOTP, ...EMAIL }

const pool = (settings: Partial<UserPoolSettings>) => settings as UserPoolSettings
const user = (attributes: Record<string, string> = {}, mfa: UserMfa = {}) =>
  ({ status: 'CONFIRMED', attributes, mfa }) as StoredUser

const PHONE = { phone_number: '+15550001234' }
const ADDRESS = { email: 'ada@example.com' }
const VERIFIED = { ...ADDRESS, email_verified: 'true' }
const TOKEN = { hasSoftwareToken: true }
const on = (...UserMFASettingList: SecondFactor[]): UserMfa => ({ UserMFASettingList })

type Mode = 'OFF' | 'OPTIONAL' | 'ON'
const ask = (mfa: Mode, offered: Partial<UserPoolSettings>, who: StoredUser) => {
  const { secondFactors, toSetUp } = secondFactorsOf(pool({ ...offered, MfaConfiguration: mfa }), who)
  return { asks: secondFactors, toSetUp }
}

describe('the factors that are asked for', () => {
  it.each<[string, Mode, Partial<UserPoolSettings>, StoredUser, SecondFactor[], SecondFactor[]]>([
    ['OFF: none, whatever is on', 'OFF', ALL, user(PHONE, on('SMS_MFA')), [], []],
    ['OPTIONAL: none without a preference', 'OPTIONAL', ALL, user({ ...PHONE, ...VERIFIED }, TOKEN), [], []],
    ['OPTIONAL: what is on', 'OPTIONAL', ALL, user(PHONE, on('SMS_MFA')), ['SMS_MFA'], [...secondFactorNames].slice(1)],
    [
      'OPTIONAL: the older MFAOptions',
      'OPTIONAL',
      SMS,
      user(PHONE, { MFAOptions: [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }] }),
      ['SMS_MFA'],
      [],
    ],
    ['OPTIONAL: SMS without a number is none', 'OPTIONAL', SMS, user({}, on('SMS_MFA')), [], ['SMS_MFA']],
    [
      'OPTIONAL: what the pool does not use is none',
      'OPTIONAL',
      TOTP,
      user(PHONE, on('SMS_MFA')),
      [],
      ['SOFTWARE_TOKEN_MFA'],
    ],
    [
      'OPTIONAL: a token that is gone is none',
      'OPTIONAL',
      TOTP,
      user({}, on('SOFTWARE_TOKEN_MFA')),
      [],
      ['SOFTWARE_TOKEN_MFA'],
    ],
    [
      'OPTIONAL: an unverified address that is on',
      'OPTIONAL',
      EMAIL,
      user(ADDRESS, on('EMAIL_OTP')),
      ['EMAIL_OTP'],
      ['EMAIL_OTP'],
    ],
    ['ON: a number', 'ON', ALL, user(PHONE), ['SMS_MFA'], ['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP']],
    ['ON: a verified address', 'ON', ALL, user(VERIFIED), ['EMAIL_OTP'], ['SMS_MFA', 'SOFTWARE_TOKEN_MFA']],
    ['ON: not an unverified one', 'ON', ALL, user(ADDRESS), [], [...secondFactorNames]],
    ['ON: a software token that is not turned on', 'ON', TOTP, user({}, TOKEN), ['SOFTWARE_TOKEN_MFA'], []],
    [
      'ON: what is turned on goes before what there is',
      'ON',
      ALL,
      user({ ...PHONE, ...VERIFIED }, on('EMAIL_OTP')),
      ['EMAIL_OTP'],
      ['SOFTWARE_TOKEN_MFA'],
    ],
    [
      'ON: SMS for verification alone is no factor',
      'ON',
      { ...SMS, ...TOTP, SmsMfaLeftOut: true },
      user(PHONE),
      [],
      ['SOFTWARE_TOKEN_MFA'],
    ],
    ['ON: without any', 'ON', SMS, user(), [], ['SMS_MFA']],
    ['ON: nothing of users of a provider', 'ON', ALL, { ...user(PHONE), status: 'EXTERNAL_PROVIDER' }, [], []],
  ])('%s', (_, mfa, offered, who, asks, toSetUp) => {
    expect(ask(mfa, offered, who)).toEqual({ asks, toSetUp })
  })

  it('the preferred one is one that is asked for', () => {
    const settings = pool({ ...ALL, MfaConfiguration: 'OPTIONAL' })
    const preferred = (mfa: UserMfa) => secondFactorsOf(settings, user(PHONE, mfa)).preferred
    expect(preferred({ ...on('SMS_MFA'), PreferredMfaSetting: 'SMS_MFA' })).toBe('SMS_MFA')
    expect(preferred({ ...on('SMS_MFA', 'EMAIL_OTP'), PreferredMfaSetting: 'EMAIL_OTP' })).toBeUndefined()
  })

  it('are set up in a sign-in only where one is required and there is none', () => {
    const may = (mfa: Mode, who: StoredUser, factor?: SecondFactor) =>
      maySetUp(pool({ ...TOTP, ...EMAIL, MfaConfiguration: mfa }), who, factor)
    expect([may('ON', user()), may('OPTIONAL', user()), may('OFF', user())]).toEqual([true, false, false])
    expect([may('ON', user({}, TOKEN)), may('ON', user(VERIFIED), 'SOFTWARE_TOKEN_MFA')]).toEqual([false, false])
    expect([may('ON', user(), 'EMAIL_OTP'), may('ON', user(), 'SMS_MFA')]).toEqual([true, false])
  })
})
