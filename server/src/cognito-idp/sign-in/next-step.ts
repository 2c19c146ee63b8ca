// What follows when proofs were given: another challenge, or tokens. Pure: the one place that knows the order of a
// sign-in, for the API, its Admin twins and the login pages. docs/reference/user-pools.md 9.7, 9.8.
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
  // A pool that demands a second factor must not be satisfied with one: until factors are here, nobody signs in.
  if (pool.MfaConfiguration === 'ON')
    return {
      kind: 'unavailable',
      what: 'multi-factor authentication, which this user pool requires (MfaConfiguration ON)',
    }
  return { kind: 'tokens' }
}
