// Writes which second factors a user has turned on.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import { secondFactorsChanged } from '../../events.ts'
import type { Refusal } from '../../refusal-rules.ts'
import { dropUnneededCodes } from '../recovery-codes/recovery-codes.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { changeUser } from '../users/change-user.ts'
import { turnedOnFactors, type UserMfa } from '../users/mfa-settings.ts'
import { noSuchUserError } from '../users/require-user.ts'
import type { StoredUser } from '../users/user-store.ts'

/** Changes the settings of `known` as `decide` (pure) says. Throws its refusal, and UserNotFoundException. */
export async function changeFactors(
  context: Context,
  pool: UserPool,
  known: StoredUser,
  by: 'user' | 'administrator',
  decide: (user: StoredUser) => UserMfa | Refusal,
): Promise<void> {
  const changed = await changeUser(context, pool, known, (user) => {
    const mfa = decide(user)
    if ('refused' in mfa) throw new ApiError(mfa.refused, mfa.message)
    const after = { ...user, mfa }
    return { user: after, after: (db) => dropUnneededCodes(db, pool, after) }
  })
  if (!changed) throw noSuchUserError()
  secondFactorsChanged(context, { pool: pool.id, sub: changed.sub, by, on: turnedOnFactors(changed.mfa) })
}
