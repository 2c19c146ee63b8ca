// ChangePassword: users change their own password (docs/reference/user-pools.md 7.2, 8). The old password counts as a
// guess, as at sign-in, so that a stolen token does not allow unlimited guesses. Tokens stay valid, as in the service.

import { passwordChanged, passwordChangeRefused } from '../../events.ts'
import { ATTEMPT_LIMIT_MESSAGE, withinHourlyLimit } from '../attempts/attempts.ts'
import { operation } from '../operation.ts'
import { requestSource } from '../sessions/request-source.ts'
import { LOCKED_MESSAGE, WRONG_PASSWORD_MESSAGE } from '../sign-in/api-words.ts'
import { tryGuess } from '../sign-in/guess.ts'
import { COMPROMISED_MESSAGE, compromisedAt } from '../threats/compromised.ts'
import { recordEvent } from '../threats/record-event.ts'
import { openCredential, passwordMatches } from '../users/credentials.ts'
import { PASSWORD_REUSED_MESSAGE, passwordProblem } from '../users/password-rules.ts'
import { noSuchUserError } from '../users/require-user.ts'
import { setPassword } from '../users/set-password.ts'

const PREVIOUS_MISSING =
  "1 validation error detected: Value at 'previousPassword' failed to satisfy constraint: Member must not be null"

export const changePassword = operation(
  'ChangePassword',
  async (context, { input, caller, pool, client, fail, ...request }) => {
    const { user } = caller
    const record = (response: 'Pass' | 'Fail', compromised = false) =>
      recordEvent(context, {
        pool,
        client,
        sub: user.sub,
        type: 'PasswordChange',
        response,
        source: requestSource(request),
        compromised,
      })
    const previous = input.PreviousPassword
    const credential = openCredential(context, user)
    // A user without a password sets the first one without PreviousPassword.
    if (credential && previous === undefined) throw fail('InvalidParameterException', PREVIOUS_MISSING)
    const problem = passwordProblem(pool.settings, input.ProposedPassword)
    if (problem !== undefined) throw fail('InvalidPasswordException', problem)
    if (!(await withinHourlyLimit(context, pool.id, user.sub, 'ChangePassword'))) {
      throw fail('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
    }
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
    const compromised = await compromisedAt(context, { pool, client }, 'PASSWORD_CHANGE', input.ProposedPassword)
    if (compromised === 'refuse') {
      await record('Fail', true)
      throw fail('InvalidPasswordException', COMPROMISED_MESSAGE)
    }
    const outcome = await setPassword(context, pool, user, input.ProposedPassword, (current, before) => {
      // A concurrent change came first: the password that was proven is not the user's any more.
      if (before.credential !== user.credential) throw fail('NotAuthorizedException', WRONG_PASSWORD_MESSAGE)
      return { user: current }
    })
    if ('user' in outcome) {
      await record('Pass', compromised === 'note')
      passwordChanged(context, { pool: pool.id, sub: user.sub, by: 'user' })
      return {}
    }
    if (outcome.refused === 'unknown-user') throw noSuchUserError()
    throw fail('PasswordHistoryPolicyViolationException', PASSWORD_REUSED_MESSAGE)
  },
)
