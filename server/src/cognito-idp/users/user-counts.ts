// How many users each pool has, about: EstimatedNumberOfUsers. One row holds the count of a pool, and sign-ups must not
// wait for each other at it, so nothing of it is in their transactions: what was committed is counted in memory, and
// written down once a second, at the end, and before it is told (background.ts, server.ts). So a process that dies takes
// the count of its last second along, users themselves never; and other processes hear of a user a second later.
import type { Database } from '../../database/database.ts'
import { addToUserCount, findUserCount } from './user-count-store.ts'

export interface UserCounts {
  /** Counts a user that was committed (1), or whose removal was (-1). */
  add(userPoolId: string, difference: 1 | -1): void
  /** The number of users of a pool, with all that this process has counted. */
  estimate(userPoolId: string): Promise<number>
  /** Writes down what was counted since the last time. What cannot be written is kept for the next time. */
  flush(): Promise<void>
  /** To be called when a pool is gone, so that no row of it is written any more. */
  forget(userPoolId: string): void
}

export function createUserCounts({ db }: Pick<Database, 'db'>): UserCounts {
  const counted = new Map<string, number>()
  const add = (userPoolId: string, difference: number): void =>
    void counted.set(userPoolId, (counted.get(userPoolId) ?? 0) + difference)

  async function write(): Promise<void> {
    for (const [userPoolId, difference] of [...counted]) {
      // What is counted meanwhile is for the next time.
      counted.delete(userPoolId)
      if (difference === 0) continue
      try {
        await addToUserCount(db, userPoolId, difference)
      } catch (error) {
        add(userPoolId, difference)
        throw error
      }
    }
  }

  let last: Promise<void> = Promise.resolve()
  // One after the other: who asks for a count waits for what an earlier flush is still writing.
  const flush = (): Promise<void> => {
    last = last.then(write, write)
    return last
  }
  return {
    add,
    async estimate(userPoolId) {
      // What cannot be written now is told all the same.
      await flush().catch(() => {})
      const written = await findUserCount(db, userPoolId)
      // The additions of a process that died may be missing while the removals are there.
      return Math.max(0, written + (counted.get(userPoolId) ?? 0))
    },
    flush,
    forget: (userPoolId) => void counted.delete(userPoolId),
  }
}
