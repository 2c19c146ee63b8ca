// Counts of which one row holds each, so that no transaction which changes them may wait for that row: what was committed is
// added up in memory, by key, and written once a second, at shutdown, and before a count is read (background.ts, server.ts). A
// process that is killed loses what it counted in its last second, and other processes see it a second later.
import { CommitUnanswered, type Database, type Db } from './database.ts'

export interface DeferredCounts<Count> {
  /** Counts what was committed. */
  add(key: string, difference: Count): void
  /** What was counted and is not written. */
  unwritten(key: string): Count | undefined
  /** Writes what was counted since the last flush. Rejects on an error, and keeps the rest for the next flush. */
  flush(): Promise<void>
  /** Call it when the thing that is counted is deleted, so that no row is written for it any more. */
  forget(key: string): void
}

/** `write` adds a difference to the row of a key; `sum` of two differences is one for both. */
export function createDeferredCounts<Count>(
  transaction: Database['transaction'],
  sum: (one: Count, other: Count) => Count,
  write: (tx: Db, key: string, difference: Count) => Promise<unknown>,
): DeferredCounts<Count> {
  const counted = new Map<string, Count>()
  const add = (key: string, difference: Count): void => {
    const before = counted.get(key)
    counted.set(key, before === undefined ? difference : sum(before, difference))
  }

  async function writeAll(): Promise<void> {
    for (const key of [...counted.keys()]) {
      // Read at its turn, as more may have been counted while others were written, and reset before writing: what is counted
      // from then on belongs to the next flush.
      const difference = counted.get(key)
      if (difference === undefined) continue
      counted.delete(key)
      try {
        // In a transaction, as only its CommitUnanswered tells a commit of unknown outcome from a failed write.
        await transaction((tx) => write(tx, key, difference))
      } catch (error) {
        // After a commit of unknown outcome the difference is dropped: adding it twice would never be corrected, and losing
        // it is no worse than a killed process.
        if (!(error instanceof CommitUnanswered)) add(key, difference)
        throw error
      }
    }
  }

  let last: Promise<void> = Promise.resolve()
  return {
    add,
    unwritten: (key) => counted.get(key),
    // Flushes run one after another, so that a read waits for the writes of an earlier flush.
    flush() {
      last = last.then(writeAll, writeAll)
      return last
    },
    forget: (key) => void counted.delete(key),
  }
}
