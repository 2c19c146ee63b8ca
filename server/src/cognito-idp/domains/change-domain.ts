// Changes a pool's domains: the reservation of a name and the settings of the pool, in one transaction that compares the
// pool's version. So a pool is never deleted with a domain, and has one of each kind.
import type { Context } from '../../context.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import type { Db } from '../../database/database.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { replacePoolSettings, type UserPool } from '../user-pools/pool-store.ts'
import { readPool } from '../user-pools/read-pool.ts'

/**
 * `decide` makes the settings as they shall become, or throws; `reserve` takes or gives back the name, or throws. Both run
 * again after a conflict. Throws ResourceNotFoundException for a pool that is gone, and what both throw.
 */
export async function changeDomain(
  context: Pick<Context, 'database' | 'db' | 'clock' | 'userPools'>,
  { UserPoolId, Domain }: { UserPoolId: string; Domain: string },
  decide: (settings: UserPoolSettings, pool: UserPool) => UserPoolSettings,
  reserve: (db: Db) => Promise<void> = async () => undefined,
): Promise<UserPoolSettings> {
  try {
    return await withRetries(async () => {
      const pool = await readPool(context, UserPoolId)
      const settings = decide(pool.settings, pool)
      const now = context.clock.now()
      await context.database.transaction(async (db) => {
        await reserve(db)
        if (!(await replacePoolSettings(db, pool, settings, now))) throw new Stale()
      })
      return settings
    })
  } finally {
    context.userPools.forget(UserPoolId)
    context.userPools.forget(Domain)
  }
}
