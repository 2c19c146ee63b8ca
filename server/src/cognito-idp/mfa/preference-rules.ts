// Which second factors a user turns on and prefers: SetUserMFAPreference, the older SetUserSettings, and their
// Admin counterparts. Pure. docs/reference/user-pools.md 3.3 (MFA), 7.8, 9.9.
import type { MFAOptionType, SetUserMFAPreferenceRequest } from '../../contract/cognito-idp.types.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'
import { allowsPasskeys, countsAsTwoFactors } from '../passkeys/relying-party-rules.ts'
import { hasVerifyingPasskey, type SecondFactor, secondFactors, secondFactorsOf } from '../sign-in/factor-rules.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { turnedOnFactors, type UserMfa, withoutFactor } from '../users/mfa-settings.ts'
import type { StoredUser } from '../users/user-store.ts'

type User = Pick<StoredUser, 'status' | 'attributes' | 'mfa'>
export type Preferences = Omit<SetUserMFAPreferenceRequest, 'AccessToken'>

interface Wish {
  readonly factor: SecondFactor | 'WEB_AUTHN'
  readonly Enabled?: boolean
  readonly PreferredMfa?: boolean
}

const wishesOf = ({
  SMSMfaSettings,
  SoftwareTokenMfaSettings,
  EmailMfaSettings,
  WebAuthnMfaSettings,
}: Preferences): Wish[] => [
  ...(SMSMfaSettings ? [{ factor: 'SMS_MFA' as const, ...SMSMfaSettings }] : []),
  ...(SoftwareTokenMfaSettings ? [{ factor: 'SOFTWARE_TOKEN_MFA' as const, ...SoftwareTokenMfaSettings }] : []),
  ...(EmailMfaSettings ? [{ factor: 'EMAIL_OTP' as const, ...EmailMfaSettings }] : []),
  ...(WebAuthnMfaSettings ? [{ factor: 'WEB_AUTHN' as const, ...WebAuthnMfaSettings }] : []),
]

/** The user's settings with the preferences of a request, or why they are refused. What the request does not name stays. */
export function withPreferences(pool: UserPoolSettings, user: User, preferences: Preferences): UserMfa | Refusal {
  const wishes = wishesOf(preferences)
  const preferred = wishes.filter(({ PreferredMfa }) => PreferredMfa)
  if (preferred.length > 1) return invalid('Only one MFA method can be preferred.')
  if (preferred.some(({ Enabled }) => !Enabled)) return invalid('An MFA method that is preferred must be enabled.')
  for (const { factor, Enabled } of wishes) {
    const problem = Enabled ? turnOnProblem(pool, user, factor) : undefined
    if (problem !== undefined) return invalid(problem)
  }
  const mfa = wishes.reduce(withWish, user.mfa)
  return wishes.length > 0 && leavesPasskeysAlone(pool, { ...user, mfa }) ? invalid(ANOTHER_NEEDED) : mfa
}

const ANOTHER_NEEDED = 'User must have another MFA method turned on beside WEB_AUTHN'

/** A user whose passkeys are lost must have another second factor (docs/reference/user-pools.md 11). */
const leavesPasskeysAlone = (pool: UserPoolSettings, user: User): boolean =>
  turnedOnFactors(user.mfa).includes('WEB_AUTHN') && secondFactorsOf(pool, user).secondFactors.length === 0

function withWish(mfa: UserMfa, { factor, Enabled, PreferredMfa }: Wish): UserMfa {
  if (!Enabled) return withoutFactor(mfa, factor)
  const { PreferredMfaSetting, UserMFASettingList = [], ...rest } = mfa
  const preferred = PreferredMfa || (PreferredMfaSetting === factor && PreferredMfa === undefined)
  const other = PreferredMfaSetting === factor ? undefined : PreferredMfaSetting
  return {
    ...rest,
    UserMFASettingList: [...new Set([...UserMFASettingList, factor])],
    PreferredMfaSetting: preferred ? factor : other,
  }
}

/** Why a user cannot turn a factor on; undefined when the user can. */
function turnOnProblem(pool: UserPoolSettings, user: User, factor: Wish['factor']): string | undefined {
  const undeliverable = `User does not have delivery config set to turn on ${factor}`
  if (factor === 'WEB_AUTHN') {
    if (!allowsPasskeys(pool) || !countsAsTwoFactors(pool)) return undeliverable
    return hasVerifyingPasskey(user) ? undefined : 'User has not set up a passkey with user verification'
  }
  if (!secondFactors[factor].isOffered(pool)) return undeliverable
  if (secondFactors[factor].isUsable(user)) return undefined
  return factor === 'SOFTWARE_TOKEN_MFA' ? 'User has not set up software token mfa' : undeliverable
}

/** The user's settings with the older MFAOptions, which know SMS alone, or why they are refused. */
export function withMfaOptions(
  pool: UserPoolSettings,
  user: User,
  options: readonly MFAOptionType[],
): UserMfa | Refusal {
  const isSms = ({ DeliveryMedium = 'SMS', AttributeName = 'phone_number' }: MFAOptionType): boolean =>
    DeliveryMedium === 'SMS' && AttributeName === 'phone_number'
  if (!options.every(isSms)) return invalid('MFAOptions can only name SMS to the attribute phone_number.')
  const problem = options.length > 0 ? turnOnProblem(pool, user, 'SMS_MFA') : undefined
  if (problem !== undefined) return invalid(problem)
  const { MFAOptions, ...rest } = user.mfa
  return options.length === 0
    ? rest
    : { ...rest, MFAOptions: [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }] }
}
