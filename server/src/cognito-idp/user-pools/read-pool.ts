// Reads and changes the stored settings of a pool, for operations that change or show them. Other operations read the
// cache (user-pool-cache.ts), which may be a second old on a shared database.
import type { Context } from '../../context.ts'
import type { Db } from '../../database/database.ts'
import { ApiError } from '../../errors.ts'
import type { UserPoolSettings } from './pool-settings.ts'
import { findPool, lockPool, replacePoolSettings, type UserPool } from './pool-store.ts'

const noSuchPoolError = (id: string): ApiError =>
  new ApiError('ResourceNotFoundException', `User pool ${id} does not exist.`)

/** The pool with this id, read from the database. Throws ResourceNotFoundException. */
export async function readPool(context: Pick<Context, 'db'>, id: string): Promise<UserPool> {
  const pool = await findPool(context.db, id)
  if (!pool) throw noSuchPoolError(id)
  return pool
}

/** For a transaction that only one request at a time may carry out for a pool. Throws when the pool is gone. */
export async function holdPool(db: Db, id: string): Promise<void> {
  if (!(await lockPool(db, id))) throw noSuchPoolError(id)
}

const ATTEMPTS = 50

/**
 * Changes a pool's settings by compare-and-set; runs `decide` again after a conflict. For changes that add to the
 * settings: concurrent ones are all applied. UpdateUserPool replaces the settings and fails on a conflict instead.
 */
export async function changePoolSettings(
  context: Pick<Context, 'db' | 'clock' | 'userPools'>,
  id: string,
  decide: (settings: UserPoolSettings) => UserPoolSettings,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const pool = await readPool(context, id)
    const written = await replacePoolSettings(context.db, pool, decide(pool.settings), context.clock.now())
    context.userPools.forget(id)
    if (written) return
  }
  throw new Error(`User pool ${id} could not be changed: ${ATTEMPTS} conflicts with other requests in a row.`)
}
