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
  /** What its user calls the device with the software token. */
  readonly softwareTokenName?: string
  /** How many passkeys there are, and how many of these verified the user when they were made. Absent without any. */
  readonly passkeys?: { readonly count: number; readonly verifying: number }
}

/** With one passkey more (1) or less (-1). Without any that verifies its user, passkeys are turned off as a second factor. */
export function withPasskeys({ hasPasskeys, passkeys: had, ...mfa }: UserMfa, by: 1 | -1, verifies: boolean): UserMfa {
  const count = (had?.count ?? 0) + by
  const verifying = (had?.verifying ?? 0) + (verifies ? by : 0)
  const kept = verifying > 0 || !mfa.UserMFASettingList?.includes('WEB_AUTHN') ? mfa : withoutFactor(mfa, 'WEB_AUTHN')
  return count <= 0 ? kept : { ...kept, hasPasskeys: true, passkeys: { count, verifying } }
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

/** The second factors that a user has turned on; the older MFAOptions turn on SMS (docs/reference/user-pools.md 7.8). */
export function turnedOnFactors({ MFAOptions = [], UserMFASettingList = [] }: MfaSettings): readonly string[] {
  const older = MFAOptions.length > 0 && !UserMFASettingList.includes('SMS_MFA')
  return older ? ['SMS_MFA', ...UserMFASettingList] : UserMFASettingList
}

/** The settings without a factor: it is turned off, and preferred no more. */
export function withoutFactor(mfa: UserMfa, name: string): UserMfa {
  const { PreferredMfaSetting, UserMFASettingList = [], MFAOptions, ...rest } = mfa
  return {
    ...rest,
    UserMFASettingList: UserMFASettingList.filter((other) => other !== name),
    ...(PreferredMfaSetting !== name && { PreferredMfaSetting }),
    ...(name !== 'SMS_MFA' && { MFAOptions }),
  }
}

/** The settings of a user with a software token in place of any earlier one; `name`: what the user calls its device. */
export const withSoftwareToken = ({ softwareTokenName, ...mfa }: UserMfa, name: string | undefined): UserMfa => ({
  ...mfa,
  hasSoftwareToken: true,
  ...(name !== undefined && { softwareTokenName: name }),
})

/** The settings of a user without a software token. */
export function withoutSoftwareToken(mfa: UserMfa): UserMfa {
  const { hasSoftwareToken, softwareTokenName, ...rest } = withoutFactor(mfa, 'SOFTWARE_TOKEN_MFA')
  return rest
}
