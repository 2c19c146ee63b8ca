// Whether a user's state lets the user sign in. Pure. docs/reference/user-pools.md 3.3, 3.4, 22.
import type { SignInRefusalReason } from '../../events.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { temporaryPasswordExpired } from '../users/password-rules.ts'
import type { StoredUser } from '../users/user-store.ts'

type State = Pick<StoredUser, 'enabled' | 'status' | 'credentialSetAt'>

/** Whether the client hides which users exist (docs/reference/user-pools.md 3.4). */
export const hidesExistence = (client: UserPoolClientSettings): boolean =>
  client.PreventUserExistenceErrors === 'ENABLED'

/**
 * Why no password is tested: an unconfirmed user is told so whatever the password (docs/reference/user-pools.md 3.1), as
 * applications go to the page for the code then. Undefined when the password decides.
 */
export const untestedRefusal = (user: State | undefined): SignInRefusalReason | undefined =>
  user?.enabled && user.status === 'UNCONFIRMED' ? 'unconfirmed' : undefined

/** Why a user who has given a proof may not sign in; undefined when the user may. */
export function signInRefusal(pool: UserPoolSettings, user: State, now: number): SignInRefusalReason | undefined {
  if (!user.enabled) return 'disabled'
  if (user.status === 'UNCONFIRMED') return 'unconfirmed'
  return user.status === 'FORCE_CHANGE_PASSWORD' && temporaryPasswordExpired(pool, user.credentialSetAt, now)
    ? 'temporary-password-expired'
    : undefined
}

/** Why a password was refused. A user in RESET_REQUIRED has none that could be right, and is told to reset it. */
export const failedPasswordRefusal = (user: State | undefined): SignInRefusalReason =>
  user === undefined ? 'unknown-user' : user.status === 'RESET_REQUIRED' ? 'reset-required' : 'wrong-password'

/**
 * Why a user may not sign in whatever else the user proves; undefined when the user may, or may confirm the sign-up by a code
 * as the first factor.
 */
export const codeRefusal = (user: State): SignInRefusalReason | undefined =>
  !user.enabled ? 'disabled' : user.status === 'RESET_REQUIRED' ? 'reset-required' : undefined

/** The same for a custom sign-in, which users of identity providers have none of, whatever the pool's functions say. */
export const customRefusal = (user: State): SignInRefusalReason | undefined =>
  codeRefusal(user) ?? (user.status === 'EXTERNAL_PROVIDER' ? 'external-provider' : undefined)
