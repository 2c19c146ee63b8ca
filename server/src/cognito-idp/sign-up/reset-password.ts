// Sets a new password with a code (docs/reference/user-pools.md 7.2). A password that breaks the policy neither counts as a try
// nor spends the code; the costly work is done only after a right code.

import type { Context } from '../../context.ts'
import type { ConfirmForgotPasswordRequest } from '../../contract/cognito-idp.types.ts'
import { ApiError } from '../../errors.ts'
import { codeRefused, passwordChanged } from '../../events.ts'
import { noteEndpoint } from '../analytics/note-analytics.ts'
import { forgetAttempts } from '../attempts/attempt-store.ts'
import { ATTEMPT_LIMIT_MESSAGE, subjectOfUnknown, withinHourlyLimit } from '../attempts/attempts.ts'
import { spendCode } from '../codes/code-store.ts'
import { tryCode } from '../codes/codes.ts'
import { requireUncompromised } from '../threats/compromised.ts'
import { recordEvent } from '../threats/record-event.ts'
import { PASSWORD_REUSED_MESSAGE, passwordProblem } from '../users/password-rules.ts'
import { setPassword } from '../users/set-password.ts'
import { tellConfirmed } from '../users/tell-confirmed.ts'
import { findUser, NameTaken, type StoredUser } from '../users/user-store.ts'
import type { Asker } from './asker.ts'
import { codeError } from './code-error.ts'
import { recoveryRefusal, unknownNameRefusal } from './existence-rules.ts'
import { resetRefusal } from './recovery-rules.ts'

type Given = Pick<ConfirmForgotPasswordRequest, 'Username' | 'ConfirmationCode' | 'Password' | 'ClientMetadata'>

/** Throws the errors of ConfirmForgotPassword, and BudgetSpent. */
export async function resetPassword(context: Context, asker: Asker, input: Given): Promise<void> {
  const { pool, client, source, remoteAddress } = asker
  const problem = passwordProblem(pool.settings, input.Password)
  if (problem !== undefined) throw new ApiError('InvalidPasswordException', problem)
  const user = await findUser(context.db, pool, input.Username)
  const unknown = unknownNameRefusal(client.settings)
  if (!user && unknown) throw new ApiError('UserNotFoundException', unknown.message)
  const subject = user?.sub ?? subjectOfUnknown(context, pool, input.Username)
  if (!(await withinHourlyLimit(context, pool.id, subject, 'ConfirmForgotPassword'))) {
    throw new ApiError('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
  }
  // For an unknown user ForgotPassword has written a decoy code, so that a try takes the same steps and time.
  const owner = user ?? { sub: subject }
  const code = await tryCode(context, pool, owner, 'forgot-password', input.ConfirmationCode, remoteAddress)
  if (code.outcome !== 'right') {
    codeRefused(context, { pool: pool.id, sub: user?.sub, purpose: 'forgot-password', reason: code.outcome })
    throw codeError(code.outcome)
  }
  if (!user) throw codeError('wrong')
  const requireResettable = (current: StoredUser): void => {
    const reason = resetRefusal(current)
    if (reason === undefined) return
    const refusal = recoveryRefusal(client.settings, reason)
    throw refusal ? new ApiError('NotAuthorizedException', refusal.message) : codeError('wrong')
  }
  requireResettable(user)
  const compromised = await requireUncompromised(context, { pool, client }, 'PASSWORD_CHANGE', input.Password)
  try {
    const outcome = await setPassword(context, pool, user, input.Password, (current) => {
      requireResettable(current)
      // The code was sent to an address that the user no longer has: its holder must not get the account.
      if (current.attributes[code.attribute] !== code.value) throw codeError('expired')
      const attributes = { ...current.attributes, [`${code.attribute}_verified`]: 'true' }
      return {
        user: { ...current, status: 'CONFIRMED', attributes },
        after: async (db) => {
          if (!(await spendCode(db, code.row))) throw codeError('expired')
          // Failed guesses at the old password must not lock the user out after the reset.
          await forgetAttempts(db, { userPoolId: pool.id, subject: current.sub, kind: 'password' })
        },
      }
    })
    if ('user' in outcome) {
      const event = { user, type: 'ForgotPassword', response: 'Pass' } as const
      await recordEvent(context, { pool, client, source, compromised, ...event })
      passwordChanged(context, { pool: pool.id, sub: user.sub, by: 'code' })
      noteEndpoint(context, asker, outcome.user)
      await tellConfirmed(context, {
        pool,
        user: outcome.user,
        clientId: client.clientId,
        by: 'ConfirmForgotPassword',
        clientMetadata: input.ClientMetadata,
      })
      return
    }
    if (outcome.refused === 'unknown-user') throw codeError('expired')
    throw new ApiError('PasswordHistoryPolicyViolationException', PASSWORD_REUSED_MESSAGE)
  } catch (error) {
    // Another user has taken the address as an alias since the code was sent.
    if (error instanceof NameTaken) throw codeError('expired')
    throw error
  }
}
