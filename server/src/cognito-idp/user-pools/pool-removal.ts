// Removes the rows of deleted pools, in small steps: a pool may have millions of users. Any process may do it, and twice
// is harmless. What expires by itself (attempts and simulated codes of names that belong to nobody, used sessions) is left
// to do so.
import type { Context } from '../../context.ts'
import type { Db } from '../../database/database.ts'
import { poolTables } from '../../database/owned-tables.ts'
import { findRemovableUsers, removeUsers } from '../users/user-removal-store.ts'

const USERS_AT_ONCE = 200
const PAUSE_MS = 5
// A request that began before the deletion, or in another process that still has the pool in its cache, may yet write
// rows. Removal begins when none of those can be running any more, so nothing of a deleted pool stays behind.
export const REMOVAL_DELAY_MS = 10_000

/** Empties every deleted pool. `stopped` ends it between two steps; the rest is done after the next start. */
export async function removeDeletedPools(
  context: Pick<Context, 'db' | 'clock'>,
  stopped: () => boolean,
): Promise<void> {
  const pools = await context.db
    .selectFrom('user_pool_removals')
    .select('user_pool_id')
    .where('requested_at', '<=', context.clock.now() - REMOVAL_DELAY_MS)
    .orderBy('user_pool_id')
    .limit(10)
    .execute()
  for (const { user_pool_id: poolId } of pools) {
    for (let after: string | undefined = ''; after !== undefined && !stopped(); ) {
      const users = await findRemovableUsers(context.db, poolId, after, USERS_AT_ONCE)
      if (users.length > 0) {
        await removeUsers(context.db, poolId, users)
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      }
      after = users.at(-1)?.sub
    }
    if (stopped()) return
    await removeSettings(context.db, poolId)
    await context.db.deleteFrom('user_pool_removals').where('user_pool_id', '=', poolId).execute()
  }
}

async function removeSettings(db: Db, poolId: string): Promise<void> {
  for (const table of poolTables) await db.deleteFrom(table).where('user_pool_id', '=', poolId).execute()
}
