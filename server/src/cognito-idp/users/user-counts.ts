// The approximate number of users of each pool: EstimatedNumberOfUsers. One row holds the count of a pool; a sign-up
// must not lock that row, so its transaction leaves the count alone. Committed changes are counted in memory and
// written once a second, at shutdown, and before an estimate is read (background.ts, server.ts). A process that is
// killed loses the count of its last second (no users), and other processes see a change a second later.
import { CommitUnanswered, type Database } from '../../database/database.ts'
import { addToUserCount, findUserCount } from './user-count-store.ts'

export interface UserCounts {
  /** Counts committed new users (1 for one) or committed deletions (-1 for one). */
  add(userPoolId: string, difference: number): void
  /** The number of users of a pool, including what this process has counted but not written. */
  estimate(userPoolId: string): Promise<number>
  /** Writes what was counted since the last flush. Rejects on an error, and keeps the rest for the next flush. */
  flush(): Promise<void>
  /** Call it when a pool is deleted, so that no row is written for it any more. */
  forget(userPoolId: string): void
}

export function createUserCounts({ db, transaction }: Pick<Database, 'db' | 'transaction'>): UserCounts {
  const counted = new Map<string, number>()
  const add = (userPoolId: string, difference: number): void =>
    void counted.set(userPoolId, (counted.get(userPoolId) ?? 0) + difference)

  async function write(): Promise<void> {
    for (const userPoolId of [...counted.keys()]) {
      // Read at its turn, as more may have been counted while others were written, and reset before writing: what is counted
      // from then on belongs to the next flush.
      const difference = counted.get(userPoolId) ?? 0
      counted.delete(userPoolId)
      if (difference === 0) continue
      try {
        // In a transaction, as only its CommitUnanswered tells a commit of unknown outcome from a failed write.
        await transaction((tx) => addToUserCount(tx, userPoolId, difference))
      } catch (error) {
        // After a commit of unknown outcome the count is dropped: a double count would never be corrected, and losing
        // it is no worse than a killed process.
        if (!(error instanceof CommitUnanswered)) add(userPoolId, difference)
        throw error
      }
    }
  }

  let last: Promise<void> = Promise.resolve()
  // Flushes run one after another, so that an estimate waits for the writes of an earlier flush.
  const flush = (): Promise<void> => {
    last = last.then(write, write)
    return last
  }
  return {
    add,
    async estimate(userPoolId) {
      // Counts that could not be written are still in memory and are added below.
      await flush().catch(() => {})
      const written = await findUserCount(db, userPoolId)
      // Below 0 when a killed process lost additions whose deletions were counted later.
      return Math.max(0, written + (counted.get(userPoolId) ?? 0))
    },
    flush,
    forget: (userPoolId) => void counted.delete(userPoolId),
  }
}
