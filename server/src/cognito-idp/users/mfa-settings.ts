// The multi-factor preferences of a user as GetUser and AdminGetUser show them, kept in AWS's own spelling. Pure.
// docs/reference/user-pools.md 7.6.
import type { GetUserResponse } from '../../contract/cognito-idp.types.ts'
import type { StoredUser } from './user-store.ts'

export type MfaSettings = Pick<GetUserResponse, 'MFAOptions' | 'PreferredMfaSetting' | 'UserMFASettingList'>

/** The preferences that are set; empty lists and texts are left out. */
export function mfaSettings({ mfa }: Pick<StoredUser, 'mfa'>): MfaSettings {
  const { MFAOptions, PreferredMfaSetting, UserMFASettingList } = mfa as MfaSettings
  return {
    ...(MFAOptions && MFAOptions.length > 0 && { MFAOptions }),
    ...(PreferredMfaSetting && { PreferredMfaSetting }),
    ...(UserMFASettingList && UserMFASettingList.length > 0 && { UserMFASettingList }),
  }
}
