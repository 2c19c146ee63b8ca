// Changes the regions of a user pool: a replica and the settings of the pool, in one transaction that compares the pool's
// version. So a pool is never deleted with a replica, has no more of them than it may, and has one primary region.
import type { Context } from '../../context.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import type { Db } from '../../database/database.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { replacePoolSettings, type UserPool } from '../user-pools/pool-store.ts'
import { readPool } from '../user-pools/read-pool.ts'

export interface ReplicaChange<Answer> {
  readonly write: (db: Db) => Promise<void>
  readonly answer: Answer
  /** The settings of the pool, where they become others. */
  readonly settings?: UserPoolSettings
}

/**
 * Runs what `decide` makes of the pool as stored; anew after a conflict. Throws ResourceNotFoundException for a pool that is
 * gone, and what `decide` throws.
 */
export async function changeReplicas<Answer>(
  context: Pick<Context, 'database' | 'db' | 'clock' | 'userPools'>,
  id: string,
  decide: (pool: UserPool) => ReplicaChange<Answer>,
): Promise<Answer> {
  try {
    return await withRetries(async () => {
      const pool = await readPool(context, id)
      const { write, answer, settings = pool.settings } = decide(pool)
      const now = context.clock.now()
      await context.database.transaction(async (db) => {
        if (!(await replacePoolSettings(db, pool, settings, now))) throw new Stale()
        await write(db)
      })
      return answer
    })
  } finally {
    context.userPools.forget(id)
  }
}
