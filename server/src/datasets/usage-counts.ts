// What is told of the use of each identity pool's datasets. As with the counts of users (cognito-idp/users/user-counts.ts), no
// push may wait for the one row of its pool: committed changes are counted in memory and written once a second, at shutdown,
// and before usage is read (background.ts, server.ts). A killed process loses those of its last second.
import { CommitUnanswered, type Database } from '../database/database.ts'
import { addToUsage, findUsages, type PoolUsage } from './usage-store.ts'

export interface UsageCounts {
  /** Counts a new sync session. */
  addSession(poolId: string): void
  /** Counts a committed change at `now` of datasets, whose keys and values have so many bytes more. */
  addChange(poolId: string, bytes: number, now: number): void
  /** The usage of pools, by id, including what this process has counted but not written. */
  read(poolIds: readonly string[]): Promise<ReadonlyMap<string, PoolUsage>>
  /** Writes what was counted since the last flush. Rejects on an error, and keeps the rest for the next flush. */
  flush(): Promise<void>
  /** Call it when a pool is deleted, so that no row is written for it any more. */
  forget(poolId: string): void
}

const NONE: PoolUsage = { sessions: 0, storage: 0, updatedAt: 0 }

const sum = (one: PoolUsage = NONE, other: PoolUsage = NONE): PoolUsage => ({
  sessions: one.sessions + other.sessions,
  storage: one.storage + other.storage,
  updatedAt: Math.max(one.updatedAt, other.updatedAt),
})

export function createUsageCounts({ db, transaction }: Pick<Database, 'db' | 'transaction'>): UsageCounts {
  const counted = new Map<string, PoolUsage>()
  const add = (poolId: string, difference: Partial<PoolUsage>): void =>
    void counted.set(poolId, sum(counted.get(poolId), { ...NONE, ...difference }))

  async function write(): Promise<void> {
    for (const poolId of [...counted.keys()]) {
      // Read at its turn, as more may have been counted while others were written, and reset before writing: what is counted
      // from then on belongs to the next flush.
      const difference = counted.get(poolId)
      if (!difference) continue
      counted.delete(poolId)
      try {
        await transaction((tx) => addToUsage(tx, poolId, difference))
      } catch (error) {
        // After a commit of unknown outcome the difference is dropped, as it might be added twice.
        if (!(error instanceof CommitUnanswered)) add(poolId, difference)
        throw error
      }
    }
  }

  let last: Promise<void> = Promise.resolve()
  // Flushes run one after another, so that a read waits for the writes of an earlier flush.
  const flush = (): Promise<void> => {
    last = last.then(write, write)
    return last
  }
  return {
    addSession: (poolId) => add(poolId, { sessions: 1 }),
    addChange: (poolId, storage, updatedAt) => add(poolId, { storage, updatedAt }),
    async read(poolIds) {
      if (poolIds.length === 0) return new Map()
      // What could not be written is still in memory and is added below.
      await flush().catch(() => {})
      const stored = await findUsages(db, poolIds)
      return new Map(poolIds.map((id) => [id, sum(stored.get(id), counted.get(id))]))
    },
    flush,
    forget: (poolId) => void counted.delete(poolId),
  }
}
