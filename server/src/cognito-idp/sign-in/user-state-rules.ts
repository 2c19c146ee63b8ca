// Whether a user who has proven the password may sign in. Pure. docs/reference/user-pools.md 3.3, 3.4, 22.
import type { SignInRefusalReason } from '../../events.ts'
import type { Refusal } from '../../refusal-rules.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { temporaryPasswordExpired } from '../users/password-rules.ts'
import type { StoredUser } from '../users/user-store.ts'

export const WRONG_PASSWORD_MESSAGE = 'Incorrect username or password.'

export interface SignInRefusal
  extends Refusal<
    'NotAuthorizedException' | 'UserNotConfirmedException' | 'PasswordResetRequiredException' | 'UserNotFoundException'
  > {
  /** The true reason, for the log: the error may hide it from the client. */
  readonly reason: SignInRefusalReason
}

type State = Pick<StoredUser, 'enabled' | 'status' | 'credentialSetAt'>

/** Whether the client hides which users exist (docs/reference/user-pools.md 3.4). */
export const hidesExistence = (client: UserPoolClientSettings): boolean =>
  client.PreventUserExistenceErrors === 'ENABLED'

const unconfirmedRefusal: SignInRefusal = {
  reason: 'unconfirmed',
  refused: 'UserNotConfirmedException',
  message: 'User is not confirmed.',
}

/**
 * Why no password is tested: an unconfirmed user is told so whatever the password (docs/reference/user-pools.md 3.1), as
 * applications go to the page for the code then. Undefined when the password decides.
 */
export const untestedRefusal = (user: State | undefined): SignInRefusal | undefined =>
  user?.enabled && user.status === 'UNCONFIRMED' ? unconfirmedRefusal : undefined

/** Why a user with the right password may not sign in; undefined when the user may. */
export function signInRefusal(pool: UserPoolSettings, user: State, now: number): SignInRefusal | undefined {
  if (!user.enabled) return { reason: 'disabled', refused: 'NotAuthorizedException', message: 'User is disabled.' }
  if (user.status === 'UNCONFIRMED') return unconfirmedRefusal
  if (user.status === 'FORCE_CHANGE_PASSWORD' && temporaryPasswordExpired(pool, user.credentialSetAt, now)) {
    return {
      reason: 'temporary-password-expired',
      refused: 'NotAuthorizedException',
      message: 'Temporary password has expired and must be reset by an administrator.',
    }
  }
  return undefined
}

/**
 * The refusal after a failed password check. A user in RESET_REQUIRED has no password that could be right, and is told
 * to reset it unless the client hides which users exist.
 */
export function failedPasswordRefusal(client: UserPoolClientSettings, user: State | undefined): SignInRefusal {
  const reset = user?.status === 'RESET_REQUIRED'
  if (reset && !hidesExistence(client))
    return {
      reason: 'reset-required',
      refused: 'PasswordResetRequiredException',
      message: 'Password reset required for the user',
    }
  const reason = reset ? 'reset-required' : user ? 'wrong-password' : 'unknown-user'
  return { reason, refused: 'NotAuthorizedException', message: WRONG_PASSWORD_MESSAGE }
}

/** The refusal of a user who is locked after too many password guesses. */
export const lockedRefusal: SignInRefusal = {
  reason: 'locked',
  refused: 'NotAuthorizedException',
  message: 'Password attempts exceeded',
}

/** The refusal for an unknown user; undefined when the client hides which users exist: the check uses a decoy then. */
export const unknownUserRefusal = (client: UserPoolClientSettings): SignInRefusal | undefined =>
  hidesExistence(client)
    ? undefined
    : { reason: 'unknown-user', refused: 'UserNotFoundException', message: 'User does not exist.' }
