// The approximate number of users of each pool: EstimatedNumberOfUsers. One row holds the count of a pool, which no sign-up may
// lock, so its transaction leaves the count alone (database/deferred-counts.ts).
import type { Database } from '../../database/database.ts'
import { createDeferredCounts, type DeferredCounts } from '../../database/deferred-counts.ts'
import { addToUserCount, findUserCount } from './user-count-store.ts'

/** By the id of the user pool: committed new users (1 for one), committed deletions (-1 for one). */
export interface UserCounts extends Omit<DeferredCounts<number>, 'unwritten'> {
  /** The number of users of a pool, including what this process has counted but not written. */
  estimate(userPoolId: string): Promise<number>
}

export function createUserCounts({ db, transaction }: Pick<Database, 'db' | 'transaction'>): UserCounts {
  const { unwritten, ...counts } = createDeferredCounts<number>(
    transaction,
    (one, other) => one + other,
    addToUserCount,
  )
  return {
    ...counts,
    async estimate(userPoolId) {
      // Counts that could not be written are still in memory and are added below.
      await counts.flush().catch(() => {})
      const written = await findUserCount(db, userPoolId)
      // Below 0 when a killed process lost additions whose deletions were counted later.
      return Math.max(0, written + (unwritten(userPoolId) ?? 0))
    },
  }
}
