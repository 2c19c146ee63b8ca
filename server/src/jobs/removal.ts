// Removal of deleted pools and groups, which may have millions of rows: the client's call only marks them as deleted,
// and a job removes the rows.
import type { Database } from '../database/database.ts'
import type { Clock } from '../effects/effects.ts'
import type { Queue } from './queue.ts'
import { type SweepRange, sweep } from './sweep.ts'

export interface Removal {
  /** The queue's name (removal-rules.ts makes its jobs). */
  readonly name: string
  /** The rows of the owner of a job that may be many, as ranges to sweep. `id`: the job's, where an owner may have several. */
  ranges(owner: string, id: string): readonly SweepRange[]
  /** Removes the owner's few other rows, after the ranges. */
  rest?(owner: string): Promise<void>
}

/**
 * The queue of a removal. A job ends when a sweep from the first row on finds nothing: a request that took longer than
 * REMOVAL_DELAY_MS may have inserted a row behind the cursor of the sweep.
 */
export const removalQueue = (
  { database, clock }: { database: Database; clock: Clock },
  { name, ranges, rest }: Removal,
): Queue => ({
  name,
  slots: 1,
  async run(job, lease) {
    const outcome = await sweep(database, job, lease, ranges(job.owner, job.id))
    if (outcome === 'stopped') return lease.postpone(clock.now())
    if (outcome === 'swept') return lease.postpone(clock.now(), '')
    await rest?.(job.owner)
    return lease.finish()
  },
})
