// A user proves an address or number with a code; a pending one takes the place of the old one then.
// User-pools reference 5.3.
import type { Context } from '../../context.ts'
import type { Db } from '../../database/database.ts'
import { type Redemption, redeemCode } from '../../messages/codes.ts'
import { type Contact, isContact } from '../../messages/delivery-rules.ts'
import { operation } from '../../operation.ts'
import { ATTEMPT_LIMIT_MESSAGE, withinHourlyLimit } from '../attempts/attempts.ts'
import { codeRefusal } from '../sign-up/code-refusal.ts'
import { NOT_VERIFIABLE_MESSAGE, waitsForVerification } from '../sign-up/verification-rules.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { changeUser } from '../users/change-user.ts'
import { noSuchUser } from '../users/require-user.ts'
import { nameTakenMessage } from '../users/user-name-rules.ts'
import { NameTaken, type StoredUser } from '../users/user-store.ts'

export const verifyUserAttribute = operation('VerifyUserAttribute', async (context, { input, caller, pool, fail }) => {
  const attribute = input.AttributeName
  if (!isContact(attribute)) throw fail('InvalidParameterException', NOT_VERIFIABLE_MESSAGE)
  if (!(await withinHourlyLimit(context, pool.id, caller.user.sub, 'VerifyUserAttribute'))) {
    throw fail('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
  }
  try {
    const changed = await changeUser(context, pool, caller.user.sub, async (user, db) => {
      const redeemed = await redeem(context, db, pool, user, attribute, input.Code)
      if (redeemed.outcome !== 'right') throw codeRefusal(redeemed.outcome)
      const proven = { [attribute]: redeemed.value, [`${attribute}_verified`]: 'true' }
      return { ...user, attributes: { ...user.attributes, ...proven } }
    })
    if (!changed) throw noSuchUser()
    return {}
  } catch (error) {
    if (error instanceof NameTaken) throw fail('AliasExistsException', nameTakenMessage(error.kind))
    throw error
  }
})

/** A code for a pending value, else one for the value that the user has; it is no good for a value it has no longer. */
async function redeem(
  context: Context,
  db: Db,
  pool: UserPool,
  user: StoredUser,
  attribute: Contact,
  code: string,
): Promise<Redemption> {
  const present = await redeemCode(context, db, pool, user, `verify:${attribute}`, code)
  if (present.outcome === 'right' && present.value === user.attributes[attribute]) return present
  if (!waitsForVerification(pool.settings, attribute)) return expiredUnlessWrong(present)
  const pending = await redeemCode(context, db, pool, user, `change:${attribute}`, code)
  return pending.outcome === 'expired' ? expiredUnlessWrong(present) : pending
}

const expiredUnlessWrong = (redeemed: Redemption): Redemption =>
  redeemed.outcome === 'wrong' ? redeemed : { outcome: 'expired' }
