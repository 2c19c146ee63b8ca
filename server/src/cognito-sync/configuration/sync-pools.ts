// What is set for identity pools beyond their datasets, kept in memory (database/cache.ts): every push of records asks for it.
import type { Context } from '../../context.ts'
import { createCache } from '../../database/cache.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import type { Database, Db } from '../../database/database.ts'
import type { SyncPoolSettings } from '../../datasets/sync-pool-settings.ts'
import { findSyncPool, replaceSyncPool, type SyncPool } from '../../datasets/sync-pool-store.ts'
import type { Clock } from '../../effects/effects.ts'

export interface SyncPools {
  /** Call it for identity pools that exist. */
  get(id: string): Promise<SyncPool>
  /** Call after every write. */
  forget(id: string): void
}

export function createSyncPools(database: Database, clock: Clock): SyncPools {
  const pools = createCache((id) => findSyncPool(database.db, id), clock, database)
  return { get: async (id) => (await pools.get(id)) as SyncPool, forget: (id) => pools.forget(id) }
}

type Parts = Pick<Context, 'database' | 'clock' | 'syncPools'>

/**
 * Writes what `decide` returns, retried after a conflict; `undefined` changes nothing. `also` is carried out in the same
 * transaction.
 */
export async function changeSyncPool(
  { database, clock, syncPools }: Parts,
  id: string,
  decide: (settings: SyncPoolSettings) => SyncPoolSettings | undefined,
  also?: (db: Db) => Promise<void>,
): Promise<void> {
  await withRetries(async () => {
    const pool = await findSyncPool(database.db, id)
    const settings = decide(pool.settings)
    if (settings === undefined) return
    const now = clock.now()
    await database.transaction(async (db) => {
      if (!(await replaceSyncPool(db, pool, settings, now))) throw new Stale()
      await also?.(db)
    })
  }).finally(() => syncPools.forget(id))
}
