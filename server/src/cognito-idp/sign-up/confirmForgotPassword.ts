// A user sets a new password with a code (user-pools reference 7.2). A password that breaks the policy neither counts as
// a try nor uses the code up; the costly work is done for right codes only.
import { checkCode, redeemCode } from '../../messages/codes.ts'
import { operation } from '../../operation.ts'
import { forgetAttempts } from '../attempts/attempt-store.ts'
import { ATTEMPT_LIMIT_MESSAGE, subjectOfUnknown, withinHourlyLimit } from '../attempts/attempts.ts'
import { PASSWORD_REUSED_MESSAGE, passwordProblem } from '../users/password-rules.ts'
import { setPassword } from '../users/set-password.ts'
import { findUser, NameTaken, type StoredUser } from '../users/user-store.ts'
import { codeRefusal } from './code-refusal.ts'
import { recoveryRefusal, simulatedRedemption, unknownNameRefusal } from './existence-rules.ts'
import { resetRefusal } from './recovery-rules.ts'
import { resetWasSimulated } from './simulated-code.ts'

export const confirmForgotPassword = operation(
  'ConfirmForgotPassword',
  async (context, { input, pool, client, fail }) => {
    const problem = passwordProblem(pool.settings, input.Password)
    if (problem !== undefined) throw fail('InvalidPasswordException', problem)
    const user = await findUser(context.db, pool, input.Username)
    const unknown = unknownNameRefusal(client.settings)
    if (!user && unknown) throw fail('UserNotFoundException', unknown.message)
    const subject = user?.sub ?? subjectOfUnknown(context, pool.id, input.Username)
    if (!(await withinHourlyLimit(context, pool.id, subject, 'ConfirmForgotPassword'))) {
      throw fail('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
    }
    // Both are looked up in any case: an answer must not take longer for a name that belongs to nobody.
    const [code, asked] = await Promise.all([
      checkCode(context, context.db, pool, user ?? { sub: subject }, 'forgot-password', input.ConfirmationCode),
      resetWasSimulated(context, pool, subject),
    ])
    if (code.outcome === 'wrong') throw codeRefusal('wrong')
    if (code.outcome === 'expired' || !user) throw codeRefusal(simulatedRedemption(client.settings, asked))
    const requireResettable = (current: StoredUser): void => {
      const reason = resetRefusal(current)
      if (reason === undefined) return
      const refusal = recoveryRefusal(client.settings, reason)
      throw refusal ? fail('NotAuthorizedException', refusal.message) : codeRefusal('wrong')
    }
    requireResettable(user)
    try {
      const outcome = await setPassword(context, pool, user, input.Password, async (current, db) => {
        requireResettable(current)
        const redeemed = await redeemCode(context, db, pool, current, 'forgot-password', input.ConfirmationCode)
        if (redeemed.outcome !== 'right') throw codeRefusal(redeemed.outcome)
        // Whoever holds an address that was the user's once must not get the account with it.
        if (current.attributes[redeemed.attribute] !== redeemed.value) throw codeRefusal('expired')
        // Guesses at the password that was forgotten are no reason to lock its owner out.
        await forgetAttempts(db, { userPoolId: pool.id, subject: current.sub, kind: 'password' })
        const attributes = { ...current.attributes, [`${redeemed.attribute}_verified`]: 'true' }
        return { ...current, status: 'CONFIRMED', attributes }
      })
      if ('user' in outcome) return {}
      if (outcome.refused === 'unknown-user') throw codeRefusal('expired')
      throw fail('PasswordHistoryPolicyViolationException', PASSWORD_REUSED_MESSAGE)
    } catch (error) {
      // The address went to another user as an alias since the code was sent.
      if (error instanceof NameTaken) throw codeRefusal('expired')
      throw error
    }
  },
)
