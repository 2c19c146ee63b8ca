import { expect, it } from 'vitest'
import { mfaSettings } from './mfa-settings.ts'

it('shows what is set and nothing else', () => {
  expect(mfaSettings({ mfa: {} })).toEqual({})
  expect(
    mfaSettings({ mfa: { UserMFASettingList: [], MFAOptions: [], PreferredMfaSetting: '', hasSoftwareToken: true } }),
  ).toEqual({})
  const mfa = { UserMFASettingList: ['SMS_MFA'], PreferredMfaSetting: 'SMS_MFA' }
  expect(mfaSettings({ mfa })).toEqual(mfa)
})
