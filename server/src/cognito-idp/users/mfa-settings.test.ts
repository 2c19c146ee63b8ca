import { expect, it } from 'vitest'
import { mfaSettings, withPasskeys } from './mfa-settings.ts'

it('shows what is set and nothing else', () => {
  expect(mfaSettings({ mfa: {} })).toEqual({})
  expect(
    mfaSettings({ mfa: { UserMFASettingList: [], MFAOptions: [], PreferredMfaSetting: '', hasSoftwareToken: true } }),
  ).toEqual({})
  const mfa = { UserMFASettingList: ['SMS_MFA'], PreferredMfaSetting: 'SMS_MFA' }
  expect(mfaSettings({ mfa })).toEqual(mfa)
})

it('counts passkeys, and knows none of the last one that went', () => {
  const software = { hasSoftwareToken: true }
  const one = withPasskeys(software, 1, true)
  expect(one).toEqual({ ...software, hasPasskeys: true, passkeys: { count: 1, verifying: 1 } })
  const two = withPasskeys(one, 1, false)
  expect(two.passkeys).toEqual({ count: 2, verifying: 1 })
  expect(withPasskeys(two, -1, true).passkeys).toEqual({ count: 1, verifying: 0 })
  expect(withPasskeys(one, -1, true)).toEqual(software)
  // Passkeys are turned off as a second factor with the last one that verifies its user.
  const on = { ...two, UserMFASettingList: ['SMS_MFA', 'WEB_AUTHN'], PreferredMfaSetting: 'SMS_MFA' }
  expect(withPasskeys(on, -1, false).UserMFASettingList).toEqual(['SMS_MFA', 'WEB_AUTHN'])
  expect(withPasskeys(on, -1, true)).toMatchObject({ UserMFASettingList: ['SMS_MFA'], PreferredMfaSetting: 'SMS_MFA' })
})
