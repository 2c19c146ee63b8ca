import { describe, expect, it } from 'vitest'
import { amrOf, couldReachMore, couldStepUp, type Level, levelOf, towards } from './assurance-rules.ts'
import type { Facts, SecondFactor } from './factor-rules.ts'
import type { Proof } from './sign-in.ts'

describe('the level and the methods of proofs', () => {
  it.each<[Proof[], Level, string[]]>([
    [['password'], 1, ['pwd']],
    [['new-password'], 1, ['pwd']],
    [['password', 'new-password'], 1, ['pwd']],
    [['sign-up'], 1, ['pwd']],
    [['sms-code'], 2, ['sms']],
    [['email-code'], 2, ['email_otp']],
    [['passkey'], 3, ['swk']],
    [['verified-passkey'], 3, ['swk', 'mfa']],
    [['password', 'sms-code'], 3, ['pwd', 'sms', 'mfa']],
    [['password', 'email-code'], 3, ['pwd', 'email_otp', 'mfa']],
    [['sign-up', 'email-code'], 3, ['pwd', 'email_otp', 'mfa']],
    [['sms-code', 'email-code'], 2, ['sms', 'email_otp', 'mfa']],
    [['password', 'passkey'], 3, ['pwd', 'swk', 'mfa']],
    [['password', 'software-token'], 4, ['pwd', 'otp', 'mfa']],
    [['password', 'sms-code', 'software-token'], 4, ['pwd', 'sms', 'otp', 'mfa']],
    [['email-code', 'software-token'], 2, ['email_otp', 'otp', 'mfa']],
    [['password', 'recovery-code'], 3, ['pwd', 'mfa']],
    [['password', 'device'], 1, ['pwd']],
    [[], 1, []],
  ])('%j: %i', (proofs, level, amr) => {
    expect(levelOf({ proofs })).toBe(level)
    expect(amrOf({ proofs })).toEqual(amr)
  })

  it('tells a security key from a passkey of the device', () => {
    expect(amrOf({ proofs: ['passkey'], roaming: true })).toEqual(['hwk'])
  })
})

const none: Facts = {
  mfa: 'OPTIONAL',
  firstFactors: [],
  secondFactors: [],
  passkeyAlone: false,
  toSetUp: [],
  mustChangePassword: false,
  devices: 'off',
}

describe('towards a level', () => {
  const first = ['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP', 'WEB_AUTHN'] as const
  it.each<[Level[], SecondFactor[], string[]]>([
    [[1], [], [...first]],
    [[2], [], ['EMAIL_OTP', 'WEB_AUTHN']],
    [[2], ['SMS_MFA'], [...first]],
    [[3], [], ['WEB_AUTHN']],
    [[3], ['EMAIL_OTP'], ['PASSWORD', 'PASSWORD_SRP', 'WEB_AUTHN']],
    [[4], ['SOFTWARE_TOKEN_MFA'], ['PASSWORD', 'PASSWORD_SRP']],
    // The first one that can be reached.
    [[4, 2], ['SMS_MFA'], [...first]],
    [[4, 3], [], ['WEB_AUTHN']],
    // None can.
    [[4], ['SMS_MFA'], [...first]],
    [[], ['SMS_MFA'], [...first]],
  ])('%j with %j the first factors are %j', (wanted, usable, expected) => {
    const facts = { ...none, firstFactors: [...first] }
    expect(towards(facts, { began: 'choice', proofs: [] }, wanted, usable).firstFactors).toEqual(expected)
  })

  it.each<[Proof[], Level[], SecondFactor[], SecondFactor[]]>([
    [['password'], [3], ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'], ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP']],
    [['password'], [4], ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'], ['SOFTWARE_TOKEN_MFA']],
    [['password', 'sms-code'], [4], ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'], ['SOFTWARE_TOKEN_MFA']],
    [['password'], [4, 3], ['SMS_MFA'], ['SMS_MFA']],
    [['password', 'software-token'], [4, 3], ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'], []],
    [['password', 'sms-code'], [3], ['EMAIL_OTP'], []],
    [['password'], [4], ['SMS_MFA'], []],
    [['email-code'], [3], ['EMAIL_OTP', 'SMS_MFA'], []],
  ])('after %j for %j with %j: %j', (proofs, wanted, usable, expected) => {
    const facts = towards(none, { began: 'password', proofs }, wanted, usable)
    expect(facts.secondFactors).toEqual(expected)
    expect(facts.stepsUp ?? false).toBe(expected.length > 0)
    expect(couldStepUp({ proofs }, wanted, usable)).toBe(expected.length > 0)
  })

  it.each<[Proof[], Level[], SecondFactor[], boolean]>([
    [['password'], [3], [], true],
    [['password'], [4], [], false],
    [['password'], [4, 2], [], true],
    [['passkey'], [3], [], false],
    [['email-code'], [4], ['SOFTWARE_TOKEN_MFA'], true],
  ])('a sign-in anew reaches more than %j for %j with %j: %s', (proofs, wanted, usable, expected) => {
    expect(couldReachMore({ proofs }, wanted, usable, ['PASSWORD', 'PASSWORD_SRP', 'WEB_AUTHN'])).toBe(expected)
  })
})
