// A user proves the address or number of a sign-up (user-pools reference 7.4).
import { checkCode, redeemCode } from '../../messages/codes.ts'
import { operation } from '../../operation.ts'
import { ATTEMPT_LIMIT_MESSAGE, subjectOfUnknown, withinHourlyLimit } from '../attempts/attempts.ts'
import { changeUser } from '../users/change-user.ts'
import { takeAliases } from '../users/take-aliases.ts'
import { nameTakenMessage } from '../users/user-name-rules.ts'
import { findUser, NameTaken, type StoredUser } from '../users/user-store.ts'
import { codeRefusal } from './code-refusal.ts'
import { simulatedRedemption, unknownNameRefusal } from './existence-rules.ts'

export const confirmSignUp = operation('ConfirmSignUp', async (context, { input, pool, client, fail }) => {
  const found = await findUser(context.db, pool, input.Username)
  const unknown = unknownNameRefusal(client.settings)
  if (!found && unknown) throw fail('UserNotFoundException', unknown.message)
  const requireUnconfirmed = ({ status }: StoredUser): void => {
    if (status !== 'UNCONFIRMED')
      throw fail('NotAuthorizedException', `User cannot be confirmed. Current status is ${status}`)
  }
  if (found) requireUnconfirmed(found)
  const subject = found?.sub ?? subjectOfUnknown(context, pool.id, input.Username)
  if (!(await withinHourlyLimit(context, pool.id, subject, 'ConfirmSignUp'))) {
    throw fail('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
  }
  // Looking at the code first keeps wrong ones out of transactions, and is all that a name without user can do, too.
  const code = await checkCode(context, context.db, pool, found ?? { sub: subject }, 'sign-up', input.ConfirmationCode)
  if (!found) throw codeRefusal(simulatedRedemption(client.settings, true))
  if (code.outcome !== 'right') throw codeRefusal(code.outcome)
  try {
    const user = await changeUser(context, pool, found.sub, async (current, db) => {
      requireUnconfirmed(current)
      const redeemed = await redeemCode(context, db, pool, current, 'sign-up', input.ConfirmationCode)
      if (redeemed.outcome !== 'right') throw codeRefusal(redeemed.outcome)
      // The code proves what it was sent to, not what an administrator put in its place since.
      if (current.attributes[redeemed.attribute] !== redeemed.value) throw codeRefusal('expired')
      const attributes = { ...current.attributes, [`${redeemed.attribute}_verified`]: 'true' }
      const confirmed: StoredUser = { ...current, status: 'CONFIRMED', attributes }
      if (input.ForceAliasCreation) await takeAliases(context, db, pool, confirmed)
      return confirmed
    })
    if (!user) throw codeRefusal('expired')
    return {}
  } catch (error) {
    if (error instanceof NameTaken) throw fail('AliasExistsException', nameTakenMessage(error.kind))
    throw error
  }
})
