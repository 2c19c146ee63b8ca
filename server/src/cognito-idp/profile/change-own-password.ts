// A user changes the password that the user knows (docs/reference/user-pools.md 7.2, 8). The old password counts as a guess, as
// at sign-in, so that a stolen token or an open browser does not allow unlimited guesses.
import type { Context } from '../../context.ts'
import { passwordChanged, passwordChangeRefused, signedOut } from '../../events.ts'
import { fail } from '../../operation.ts'
import { ATTEMPT_LIMIT_MESSAGE, withinHourlyLimit } from '../attempts/attempts.ts'
import type { RequestSource } from '../sessions/request-source.ts'
import { forgetSessions } from '../sessions/track-session.ts'
import { LOCKED_MESSAGE, WRONG_PASSWORD_MESSAGE } from '../sign-in/api-words.ts'
import { tryGuess } from '../sign-in/guess.ts'
import type { Place } from '../sign-in/sign-in.ts'
import { COMPROMISED_MESSAGE, compromisedAt } from '../threats/compromised.ts'
import { recordEvent } from '../threats/record-event.ts'
import { openCredential, passwordMatches } from '../users/credentials.ts'
import { PASSWORD_REUSED_MESSAGE, passwordProblem } from '../users/password-rules.ts'
import { noSuchUserError } from '../users/require-user.ts'
import { setPassword } from '../users/set-password.ts'
import type { StoredUser } from '../users/user-store.ts'

const PREVIOUS_MISSING =
  "1 validation error detected: Value at 'previousPassword' failed to satisfy constraint: Member must not be null"

export interface PasswordChange {
  /** Undefined for a user who has no password and sets the first one. */
  readonly previous: string | undefined
  readonly proposed: string
  /** Ends every token and session of the user with the change; they stay otherwise, as in the service. */
  readonly signOut?: boolean
  readonly source: RequestSource
}

/**
 * The user with the new password. Throws NotAuthorizedException for a wrong old one, InvalidPasswordException,
 * PasswordHistoryPolicyViolationException, LimitExceededException and UserNotFoundException.
 */
export async function changeOwnPassword(
  context: Context,
  { pool, client }: Place,
  user: StoredUser,
  { previous, proposed, signOut = false, source }: PasswordChange,
): Promise<StoredUser> {
  const record = (response: 'Pass' | 'Fail', compromised = false) =>
    recordEvent(context, { pool, client, user, type: 'PasswordChange', response, source, compromised })
  const credential = openCredential(context, user)
  // A user without a password sets the first one without PreviousPassword.
  if (credential && previous === undefined) throw fail('InvalidParameterException', PREVIOUS_MISSING)
  const problem = passwordProblem(pool.settings, proposed)
  if (problem !== undefined) throw fail('InvalidPasswordException', problem)
  if (!(await withinHourlyLimit(context, pool.id, user.sub, 'ChangePassword')))
    throw fail('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
  if (credential && previous !== undefined) {
    // The counter is not read beforehand: most users have none, and tryGuess reads it after a conflict.
    const target = { userPoolId: pool.id, subject: user.sub, guesses: undefined }
    const outcome = await tryGuess(context, target, () =>
      passwordMatches(context, pool, user.username, credential, previous),
    )
    if (outcome !== 'right') {
      const reason = outcome === 'locked' ? 'locked' : 'wrong-password'
      await record('Fail')
      passwordChangeRefused(context, { pool: pool.id, sub: user.sub, reason })
      throw fail('NotAuthorizedException', outcome === 'locked' ? LOCKED_MESSAGE : WRONG_PASSWORD_MESSAGE)
    }
  }
  const compromised = await compromisedAt(context, { pool, client }, 'PASSWORD_CHANGE', proposed)
  if (compromised === 'refuse') {
    await record('Fail', true)
    throw fail('InvalidPasswordException', COMPROMISED_MESSAGE)
  }
  const outcome = await setPassword(context, pool, user, proposed, (current, before) => {
    // A concurrent change came first: the password that was proven is not the user's any more.
    if (before.credential !== user.credential) throw fail('NotAuthorizedException', WRONG_PASSWORD_MESSAGE)
    if (!signOut) return { user: current }
    return {
      user: { ...current, tokenGeneration: current.tokenGeneration + 1 },
      after: forgetSessions(context, pool, user.sub),
    }
  })
  if ('user' in outcome) {
    await record('Pass', compromised === 'note')
    passwordChanged(context, { pool: pool.id, sub: user.sub, by: 'user' })
    if (signOut) signedOut(context, { pool: pool.id, sub: user.sub, from: 'everywhere', by: 'user' })
    return outcome.user
  }
  if (outcome.refused === 'unknown-user') throw noSuchUserError()
  throw fail('PasswordHistoryPolicyViolationException', PASSWORD_REUSED_MESSAGE)
}
