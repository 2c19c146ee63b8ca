// The pool's password policy: strength, expiry of temporary passwords, size of the history. Pure. Comparing with
// earlier passwords is credentials.ts. docs/reference/user-pools.md 5.4, 3.3 (Passwords).
import type { PasswordPolicyType } from '../../contract/cognito-idp.types.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'

/** The policy of a pool without a PasswordPolicy. */
const defaultPasswordPolicy: PasswordPolicyType = {
  MinimumLength: 8,
  RequireUppercase: true,
  RequireLowercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
  TemporaryPasswordValidityDays: 7,
}

export const passwordPolicyOf = (settings: UserPoolSettings): PasswordPolicyType =>
  settings.Policies?.PasswordPolicy ?? defaultPasswordPolicy

const SYMBOL = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- ]/

/**
 * The first rule that `password` breaks, as the text of InvalidPasswordException; undefined when it breaks none.
 * `opening`: the start of the text, of which the service has two versions.
 */
export function passwordProblem(
  settings: UserPoolSettings,
  password: string,
  opening = 'Password did not conform with policy: ',
): string | undefined {
  const problem = brokenRule(passwordPolicyOf(settings), password)
  return problem === undefined ? undefined : `${opening}${problem}`
}

function brokenRule(policy: PasswordPolicyType, password: string): string | undefined {
  if ([...password].length < (policy.MinimumLength ?? 8)) return 'Password not long enough'
  if (policy.RequireUppercase && !/[A-Z]/.test(password)) return 'Password must have uppercase characters'
  if (policy.RequireLowercase && !/[a-z]/.test(password)) return 'Password must have lowercase characters'
  if (policy.RequireNumbers && !/[0-9]/.test(password)) return 'Password must have numeric characters'
  if (policy.RequireSymbols && !SYMBOL.test(password)) return 'Password must have symbol characters'
  return undefined
}

/** Days for which a temporary password is valid: by the policy, or by the older member for it; 0 and absent mean 7. */
export const temporaryPasswordDays = (settings: UserPoolSettings): number =>
  passwordPolicyOf(settings).TemporaryPasswordValidityDays ||
  settings.AdminCreateUserConfig?.UnusedAccountValidityDays ||
  7

const DAY_MS = 24 * 60 * 60 * 1000

/** True when a temporary password set at `setAt` has expired at `now` (epoch milliseconds). */
export const temporaryPasswordExpired = (settings: UserPoolSettings, setAt: number, now: number): boolean =>
  now - setAt > temporaryPasswordDays(settings) * DAY_MS

/** How many passwords may not be reused, the present one included; 0 when the policy has no PasswordHistorySize. */
export const passwordHistorySize = (settings: UserPoolSettings): number =>
  passwordPolicyOf(settings).PasswordHistorySize ?? 0

/**
 * The text of PasswordHistoryPolicyViolationException; the service's own is not known
 * (docs/reference/user-pools.md 24.5).
 */
export const PASSWORD_REUSED_MESSAGE = 'Password has previously been used'
