// CreateRecoveryCodes (beyond Cognito): a new set in place of any earlier one, shown this once. For users with a second
// factor. docs/decisions/recovery-codes.md.
import { recoveryCodesMade } from '../../events.ts'
import { operation } from '../operation.ts'
import { changeUser } from '../users/change-user.ts'
import { noSuchUserError } from '../users/require-user.ts'
import { replaceRecoveryCodes } from './recovery-code-store.ts'
import { hasSecondFactor, newRecoveryCodes, requireRecoveryCodes } from './recovery-codes.ts'

export const createRecoveryCodes = operation('CreateRecoveryCodes', async (context, { caller, pool, fail }) => {
  const count = requireRecoveryCodes(pool)
  const { shown, rows } = newRecoveryCodes(context, caller.user, count)
  const changed = await changeUser(context, pool, caller.user, (user) => {
    if (!hasSecondFactor(pool, user))
      throw fail('InvalidParameterException', 'User has no second factor that a recovery code could stand in for.')
    return { user, after: (db) => replaceRecoveryCodes(db, user, rows) }
  })
  if (!changed) throw noSuchUserError()
  recoveryCodesMade(context, { pool: pool.id, sub: changed.sub, count })
  return { RecoveryCodes: shown }
})
