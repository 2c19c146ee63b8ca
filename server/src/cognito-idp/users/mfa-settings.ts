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
  /** How many passkeys there are, and how many of these verified the user when they were made. Absent without any. */
  readonly passkeys?: { readonly count: number; readonly verifying: number }
}

/** With one passkey more (1) or less (-1). */
export function withPasskeys({ hasPasskeys, passkeys, ...mfa }: UserMfa, by: 1 | -1, verifying: boolean): UserMfa {
  const count = (passkeys?.count ?? 0) + by
  if (count <= 0) return mfa
  return {
    ...mfa,
    hasPasskeys: true,
    passkeys: { count, verifying: (passkeys?.verifying ?? 0) + (verifying ? by : 0) },
  }
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
