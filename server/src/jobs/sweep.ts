// Removes many rows in small steps, as the work of a job: a killed process's successor goes on from where it was.
import { setTimeout } from 'node:timers/promises'
import type { Database, Db } from '../database/database.ts'
import type { Job } from './job-store.ts'
import type { Lease } from './queue.ts'

/** A place in an ordered index, as JSON. */
export type Place = string | number | readonly (string | number)[]

/** Rows to be removed that lie in the order of an index. */
export interface SweepRange {
  /** The next rows after a place (from the first on without one), or undefined when there are no more. Bounded in number. */
  next(db: Db, after: Place | undefined): Promise<{ last: Place; remove(db: Db): Promise<void> } | undefined>
}

/** Between two steps others have their turn. */
const PAUSE_MS = 2

/**
 * Removes all rows of the ranges, one range after the other. Each step reads the rows after the last one's place, so it
 * never meets what is gone, and removes them in the transaction that writes the new place into the job's payload.
 * `nothing`: there were no rows, from the first place on; `swept`: some were removed; `stopped`: the server stops, and
 * the job should go on later from where it is. Throws LeaseLost.
 */
export async function sweep(
  database: Database,
  job: Pick<Job, 'payload'>,
  lease: Lease,
  ranges: readonly SweepRange[],
): Promise<'nothing' | 'swept' | 'stopped'> {
  const begun = job.payload !== ''
  let found = begun
  let [range, after]: [number, Place?] = begun ? JSON.parse(job.payload) : [0]
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
