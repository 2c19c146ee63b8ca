// Removes many rows in small steps, as the work of a job. The cursor is in the job's payload, so that after a crash
// another process continues from there. Not here: which rows (ranges are given by the caller).
import { setTimeout } from 'node:timers/promises'
import type { Database, Db } from '../database/database.ts'
import type { Job } from './job-store.ts'
import type { Lease } from './queue.ts'

/** A position in an ordered index (the cursor of a sweep), as JSON. */
export type Position = string | number | readonly (string | number)[]

/** Rows to be removed, read in the order of an index. */
export interface SweepRange {
  /**
   * The next rows after a position (the first ones when undefined), bounded in number; undefined when there are no
   * more.
   */
  next(db: Db, after: Position | undefined): Promise<{ last: Position; remove(db: Db): Promise<void> } | undefined>
}

/** Pause between two steps, so that other transactions are not held up. */
const PAUSE_MS = 2

/**
 * Removes all rows of the ranges, one range after the other. Each step reads the rows after the cursor, so it does not
 * scan rows already removed, and removes them in the transaction that writes the new cursor into the job's payload.
 * Resolves with `nothing` when a sweep from the first row on found no rows, with `swept` when rows were removed, and
 * with `stopped` when the server stops (the job should continue later). Throws LeaseLost.
 */
export async function sweep(
  database: Database,
  job: Pick<Job, 'payload'>,
  lease: Lease,
  ranges: readonly SweepRange[],
): Promise<'nothing' | 'swept' | 'stopped'> {
  const begun = job.payload !== ''
  let found = begun
  let [range, after]: [number, Position?] = begun ? JSON.parse(job.payload) : [0]
  while (!lease.stopping.aborted) {
    const rows = await ranges[range]?.next(database.db, after)
    if (rows) {
      found = true
      after = rows.last
      await database.transaction(async (db) => {
        await lease.advance(db, JSON.stringify([range, after]))
        await rows.remove(db)
      })
      await setTimeout(PAUSE_MS)
    } else if (range < ranges.length) {
      range++
      after = undefined
    } else return found ? 'swept' : 'nothing'
  }
  return 'stopped'
}
