// Removes the rows of deleted pools, in small steps: a pool may have millions of users. Any process may do it, and twice
// is harmless. What expires by itself (attempts and simulated codes of names that belong to nobody, used sessions,
// revocations) is left to do so.
import type { Context } from '../../context.ts'
import type { Db } from '../../database/database.ts'

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
    while (!stopped()) {
      if (!(await removeSomeUsers(context.db, poolId))) break
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
    if (stopped()) return
    await removeSettings(context.db, poolId)
    await context.db.deleteFrom('user_pool_removals').where('user_pool_id', '=', poolId).execute()
  }
}

async function removeSomeUsers(db: Db, poolId: string): Promise<boolean> {
  const users = await db
    .selectFrom('users')
    .select('user_sub')
    .where('user_pool_id', '=', poolId)
    .orderBy('user_sub')
    .limit(USERS_AT_ONCE)
    .execute()
  if (users.length === 0) return false
  const subs = users.map((user) => user.user_sub)
  for (const table of ['user_names', 'user_search', 'group_members', 'codes', 'users'] as const) {
    await db.deleteFrom(table).where('user_sub', 'in', subs).where('user_pool_id', '=', poolId).execute()
  }
  await db.deleteFrom('attempts').where('subject', 'in', subs).where('user_pool_id', '=', poolId).execute()
  return true
}

async function removeSettings(db: Db, poolId: string): Promise<void> {
  for (const table of [
    'user_pool_clients',
    'signing_keys',
    'groups',
    'group_counts',
    'group_removals',
    'user_counts',
    'messages',
  ] as const) {
    await db.deleteFrom(table).where('user_pool_id', '=', poolId).execute()
  }
}
