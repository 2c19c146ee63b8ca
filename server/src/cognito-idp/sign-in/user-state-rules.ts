// May a user who proved the password sign in? Pure. docs/reference/user-pools.md 3.3, 3.4, 22.
import type { Refusal } from '../../refusal-rules.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { temporaryPasswordExpired } from '../users/password-rules.ts'
import type { StoredUser } from '../users/user-store.ts'

export const WRONG_PASSWORD_MESSAGE = 'Incorrect username or password.'

export type SignInRefusal = Refusal<
  'NotAuthorizedException' | 'UserNotConfirmedException' | 'PasswordResetRequiredException' | 'UserNotFoundException'
>

type State = Pick<StoredUser, 'enabled' | 'status' | 'credentialSetAt'>

export const hidesExistence = (client: UserPoolClientSettings): boolean =>
  client.PreventUserExistenceErrors === 'ENABLED'

/** Why a user with the right password is refused; undefined when it is not. */
export function signInRefusal(pool: UserPoolSettings, user: State, now: number): SignInRefusal | undefined {
  if (!user.enabled) return { refused: 'NotAuthorizedException', message: 'User is disabled.' }
  if (user.status === 'UNCONFIRMED') return { refused: 'UserNotConfirmedException', message: 'User is not confirmed.' }
  if (user.status === 'FORCE_CHANGE_PASSWORD' && temporaryPasswordExpired(pool, user.credentialSetAt, now)) {
    return {
      refused: 'NotAuthorizedException',
      message: 'Temporary password has expired and must be reset by an administrator.',
    }
  }
  return undefined
}

/**
 * What a failed password check answers. A user who must reset has no password that could be right, and is told so,
 * unless the client hides who exists.
 */
export function failedPasswordRefusal(client: UserPoolClientSettings, user: State | undefined): SignInRefusal {
  if (user?.status === 'RESET_REQUIRED' && !hidesExistence(client))
    return { refused: 'PasswordResetRequiredException', message: 'Password reset required for the user' }
  return { refused: 'NotAuthorizedException', message: WRONG_PASSWORD_MESSAGE }
}

/** What an unknown user answers at once; undefined when the client hides who exists and the check goes on with a decoy. */
export const unknownUserRefusal = (client: UserPoolClientSettings): SignInRefusal | undefined =>
  hidesExistence(client) ? undefined : { refused: 'UserNotFoundException', message: 'User does not exist.' }
