// A new set of recovery codes in place of any earlier one, for users with a second factor. docs/decisions/recovery-codes.md.
import type { Context } from '../../context.ts'
import { recoveryCodesMade } from '../../events.ts'
import { fail } from '../../operation.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { changeUser } from '../users/change-user.ts'
import { noSuchUserError } from '../users/require-user.ts'
import type { StoredUser } from '../users/user-store.ts'
import { replaceRecoveryCodes } from './recovery-code-store.ts'
import { hasSecondFactor, newRecoveryCodes, requireRecoveryCodes } from './recovery-codes.ts'

/** The codes, shown this once. Throws OperationNotEnabledException, InvalidParameterException and UserNotFoundException. */
export async function makeRecoveryCodes(context: Context, pool: UserPool, known: StoredUser): Promise<string[]> {
  const count = requireRecoveryCodes(pool)
  const { shown, rows } = newRecoveryCodes(context, known, count)
  const changed = await changeUser(context, pool, known, (user) => {
    if (!hasSecondFactor(pool, user))
      throw fail('InvalidParameterException', 'User has no second factor that a recovery code could stand in for.')
    return { user, after: (db) => replaceRecoveryCodes(db, user, rows) }
  })
  if (!changed) throw noSuchUserError()
  recoveryCodesMade(context, { pool: pool.id, sub: changed.sub, count })
  return shown
}
