// Removes the rows of deleted user pools as a job, as a pool may have millions of users. Rows that expire by themselves
// (attempts and decoy codes of unknown users, spent ids) are not removed here.
import type { Context } from '../../context.ts'
import type { Db } from '../../database/database.ts'
import { poolTables } from '../../database/owned-tables.ts'
import { removeJobsOf } from '../../jobs/job-store.ts'
import type { Queue } from '../../jobs/queue.ts'
import { removalQueue } from '../../jobs/removal.ts'
import { findRemovableUsers, removeUsers } from '../users/user-removal-store.ts'
import { USER_POOL_REMOVAL } from './removal-rules.ts'

/** Users removed in one transaction: on SQLite it blocks other writers for some milliseconds (bench/removal.mjs). */
export const USERS_AT_ONCE = 500

/** The queue of deleted user pools (docs/decisions/jobs.md). */
export const userPoolRemovals = (context: Pick<Context, 'database' | 'clock'>): Queue =>
  removalQueue(context, {
    name: USER_POOL_REMOVAL,
    ranges: (poolId) => [
      {
        async next(db, after) {
          const users = await findRemovableUsers(db, poolId, (after as string | undefined) ?? '', USERS_AT_ONCE)
          const last = users.at(-1)?.sub
          if (last === undefined) return undefined
          const remove = async (within: Db) => {
            await removeUsers(within, poolId, users)
            // Messages that wait for delivery, or that the outbox has captured.
            await removeJobsOf(
              within,
              users.map(({ sub }) => sub),
            )
          }
          return { last, remove }
        },
      },
    ],
    rest: (poolId) => removeSettings(context.database.db, poolId),
  })

async function removeSettings(db: Db, poolId: string): Promise<void> {
  for (const table of poolTables) await db.deleteFrom(table).where('user_pool_id', '=', poolId).execute()
}
