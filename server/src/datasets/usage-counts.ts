// What is told of the use of each identity pool's datasets. No push may wait for the one row of its pool
// (database/deferred-counts.ts).
import type { Database } from '../database/database.ts'
import { createDeferredCounts, type DeferredCounts } from '../database/deferred-counts.ts'
import { addToUsage, findUsages, type PoolUsage } from './usage-store.ts'

/** By the id of the identity pool. */
export interface UsageCounts extends Pick<DeferredCounts<PoolUsage>, 'flush' | 'forget'> {
  /** Counts a new sync session. */
  addSession(poolId: string): void
  /** Counts a committed change at `now` of datasets, whose keys and values have so many bytes more. */
  addChange(poolId: string, bytes: number, now: number): void
  /** The usage of pools, by id, including what this process has counted but not written. */
  read(poolIds: readonly string[]): Promise<ReadonlyMap<string, PoolUsage>>
}

const NONE: PoolUsage = { sessions: 0, storage: 0, updatedAt: 0 }

const sum = (one: PoolUsage = NONE, other: PoolUsage = NONE): PoolUsage => ({
  sessions: one.sessions + other.sessions,
  storage: one.storage + other.storage,
  updatedAt: Math.max(one.updatedAt, other.updatedAt),
})

export function createUsageCounts({ db, transaction }: Pick<Database, 'db' | 'transaction'>): UsageCounts {
  const { add, unwritten, flush, forget } = createDeferredCounts<PoolUsage>(transaction, sum, addToUsage)
  return {
    addSession: (poolId) => add(poolId, { ...NONE, sessions: 1 }),
    addChange: (poolId, storage, updatedAt) => add(poolId, { ...NONE, storage, updatedAt }),
    async read(poolIds) {
      if (poolIds.length === 0) return new Map()
      // What could not be written is still in memory and is added below.
      await flush().catch(() => {})
      const stored = await findUsages(db, poolIds)
      return new Map(poolIds.map((id) => [id, sum(stored.get(id), unwritten(id))]))
    },
    flush,
    forget,
  }
}
