// Read a user, decide, write: the shape of every change to a user.
import type { Context } from '../../context.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import type { Db } from '../../database/database.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { findUserBySub, replaceUser, type StoredUser } from './user-store.ts'

/**
 * Reads the user, asks `decide` for what it shall become, and writes that; does it again when another write came
 * between. `decide` may run statements of its own on the `db` it is given (one transaction) and may throw an ApiError,
 * which undoes all of it; it must do nothing else, as it may run more than once. Returning the user it was given writes
 * nothing.
 * Returns the user as it now is, or undefined when there is none. Throws NameTaken (see replaceUser).
 */
export function changeUser(
  context: Context,
  pool: UserPool,
  sub: string,
  decide: (user: StoredUser, db: Db) => StoredUser | Promise<StoredUser>,
): Promise<StoredUser | undefined> {
  return withRetries(() =>
    context.database.transaction(async (db) => {
      const user = await findUserBySub(db, pool.id, sub)
      if (!user) return undefined
      const decided = await decide(user, db)
      if (decided === user) return user
      const after = { ...decided, updatedAt: context.clock.now() }
      if (!(await replaceUser(db, pool, user, after))) throw new Stale()
      return { ...after, version: user.version + 1 }
    }),
  )
}
