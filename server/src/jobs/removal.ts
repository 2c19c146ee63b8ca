// Removal of what a client deleted at once but has millions of rows: a job each.
import type { Database } from '../database/database.ts'
import type { Clock } from '../effects/effects.ts'
import type { Queue } from './queue.ts'
import { type SweepRange, sweep } from './sweep.ts'

export interface Removal {
  /** The queue's name (removal-rules.ts makes its jobs). */
  readonly name: string
  /** What belongs to the owner of a job and may be much. */
  ranges(owner: string): readonly SweepRange[]
  /** What belongs to it and is little; last of all. */
  rest?(owner: string): Promise<void>
}

/**
 * The queue of a removal. A job has ended when a round from the first row on finds nothing: a request that took longer than
 * the delay before a removal may have written a row behind the place that the removal had come to.
 */
export const removalQueue = (
  { database, clock }: { database: Database; clock: Clock },
  { name, ranges, rest }: Removal,
): Queue => ({
  name,
  slots: 1,
  async run(job, lease) {
    const outcome = await sweep(database, job, lease, ranges(job.owner))
    if (outcome === 'stopped') return lease.postpone(clock.now())
    if (outcome === 'swept') return lease.postpone(clock.now(), '')
    await rest?.(job.owner)
    return lease.finish()
  },
})
