// What is known of a user's factors, and how GetUser and AdminGetUser show it. Pure.
// docs/reference/user-pools.md 7.6.
import type { GetUserResponse } from '../../contract/cognito-idp.types.ts'
import type { StoredUser } from './user-store.ts'

export type MfaSettings = Pick<GetUserResponse, 'MFAOptions' | 'PreferredMfaSetting' | 'UserMFASettingList'>

/** Kept with the user, so that a sign-in need not read more to know what follows. The preferences in AWS's own spelling. */
export interface UserMfa extends MfaSettings {
  /** A software token was verified. */
  readonly hasSoftwareToken?: boolean
  /** At least one passkey is registered. */
  readonly hasPasskeys?: boolean
}

/** The preferences that are set; empty lists and texts are left out. */
export function mfaSettings({ mfa }: Pick<StoredUser, 'mfa'>): MfaSettings {
  const { MFAOptions, PreferredMfaSetting, UserMFASettingList } = mfa
  return {
    ...(MFAOptions && MFAOptions.length > 0 && { MFAOptions }),
    ...(PreferredMfaSetting && { PreferredMfaSetting }),
    ...(UserMFASettingList && UserMFASettingList.length > 0 && { UserMFASettingList }),
  }
}
