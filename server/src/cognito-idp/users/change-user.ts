// Read a user, decide, write: the shape of every change to a user.
import { randomInt } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import type { Db } from '../../database/database.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { findUserBySub, replaceUser, type StoredUser } from './user-store.ts'

const ATTEMPTS = 20

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

/** Thrown in a transaction to undo it, because what it had read changed meanwhile. */
export class Stale extends Error {}

/** Runs `attempt` (one transaction) again whenever it is undone by Stale. */
export async function withRetries<T>(attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; attempts <= ATTEMPTS; attempts++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof Stale)) throw error
      // Rivals that meet again and again must get out of each other's way.
      if (attempts > 3) await setTimeout(randomInt(1, 2 + 2 ** Math.min(attempts, 7)))
    }
  }
  throw new Error(`Rows changed ${ATTEMPTS} times while one change was tried.`)
}
