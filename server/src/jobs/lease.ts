// The lease on a claimed job: renewed by a timer for as long as this process works on the job, and void once released.
import type { Logger } from 'pino'
import { type Database, DatabaseAway } from '../database/database.ts'
import type { Clock } from '../effects/effects.ts'
import { renewalPause } from './back-off-rules.ts'
import { type Job, removeClaimed, updateClaimed } from './job-store.ts'
import { type Lease, LeaseLost, type Settled } from './queue.ts'

export interface LeaseParts {
  readonly database: Database
  readonly clock: Clock
  readonly log: Logger
}

export interface HeldLease extends Lease {
  /** False once released. */
  readonly held: boolean
  /** Stops renewing; from here on the methods of the lease change nothing. */
  release(): void
}

const settled = (done: boolean): Settled => (done ? 'settled' : 'lost')

/** The lease on a job that was just claimed (`job.lease` is what the claim wrote). `renewEveryMs` is set by tests. */
export function holdLease(
  { database, clock, log }: LeaseParts,
  job: Job,
  leaseMs: number,
  stopping: AbortSignal,
  renewEveryMs = renewalPause(leaseMs),
): HeldLease {
  let held = true
  const renewal = () => ({ due_at: clock.now() + leaseMs })
  const renewing = setInterval(() => {
    updateClaimed(database.db, job, renewal()).catch((err) => {
      if (!(err instanceof DatabaseAway))
        log.warn({ err, queue: job.queue, jobId: job.id }, 'the lease of a job was not renewed')
    })
  }, renewEveryMs)
  const giveBack = async (changes: Parameters<typeof updateClaimed>[2]) =>
    settled(held && (await updateClaimed(database.db, job, { ...changes, lease: '' })))
  return {
    stopping,
    get held() {
      return held
    },
    finish: async () => settled(held && (await removeClaimed(database.db, job))),
    postpone: (dueAt, payload) => giveBack({ due_at: dueAt, ...(payload === undefined ? {} : { payload }) }),
    repeat: (dueAt, payload) => giveBack({ due_at: dueAt, attempts: 0, ...(payload === undefined ? {} : { payload }) }),
    async advance(db, payload) {
      if (!held || !(await updateClaimed(db, job, { ...renewal(), payload, attempts: 0 }))) throw new LeaseLost()
    },
    release() {
      held = false
      clearInterval(renewing)
    },
  }
}
