// What follows the proofs given so far: another challenge, or tokens. Pure, and the only place that knows the order of
// the steps of a sign-in, for the API, the Admin operations and the login pages. docs/reference/user-pools.md 9.7, 9.8.
import type { ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { StoredUser } from '../users/user-store.ts'
import type { Proof } from './sign-in.ts'

export type NextStep =
  | { kind: 'challenge'; name: ChallengeNameType }
  | { kind: 'tokens' }
  | { kind: 'unavailable'; what: string }

export function nextStep(pool: UserPoolSettings, user: StoredUser, _proofs: readonly Proof[]): NextStep {
  if (user.status === 'FORCE_CHANGE_PASSWORD') return { kind: 'challenge', name: 'NEW_PASSWORD_REQUIRED' }
  // A pool that requires multi-factor authentication must not accept one factor: until it is implemented, no sign-in.
  if (pool.MfaConfiguration === 'ON')
    return {
      kind: 'unavailable',
      what: 'multi-factor authentication, which this user pool requires (MfaConfiguration ON)',
    }
  return { kind: 'tokens' }
}
