// The settings of a pool as the database has them now, for operations that change or show them. Other operations read
// the cache (user-pool-cache.ts), which on a shared database may lag by a second.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import type { UserPoolSettings } from './pool-settings.ts'
import { findPool, replacePoolSettings, type UserPool } from './pool-store.ts'

/** Throws ResourceNotFoundException when there is none, or no longer. */
export async function readPool(context: Pick<Context, 'db'>, id: string): Promise<UserPool> {
  const pool = await findPool(context.db, id)
  if (!pool) throw new ApiError('ResourceNotFoundException', `User pool ${id} does not exist.`)
  return pool
}

const ATTEMPTS = 50

/**
 * Reads the pool, asks `decide` for its new settings and writes them; does it again when another write came between.
 * For changes that add to what is there: of those, none may be lost, and none needs to fail.
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
  throw new Error(`User pool ${id} changed ${ATTEMPTS} times while one change was tried.`)
}
