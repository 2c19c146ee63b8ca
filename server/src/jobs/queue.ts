// The types of a queue and of the lease that its `run` gets. All queues are listed in queues.ts and run by the worker
// of each process (worker.ts).
import type { Db } from '../database/database.ts'
import type { Job } from './job-store.ts'

export interface Queue {
  /** The value of the column `queue`, also used in the log. */
  readonly name: string
  /**
   * Jobs of this queue that one process runs at once. Each queue has its own slots, so a slow one does not delay
   * another.
   */
  readonly slots: number
  /** Length of a lease, LEASE_MS by default; it is renewed for as long as `run` takes. */
  readonly leaseMs?: number
  /** The owner of a recurring job: the worker creates the job at its start, and `run` always postpones it. */
  readonly standing?: string
  /**
   * Does the work of a job, and resolves with the result of `lease.finish` or `lease.postpone`. When it rejects, the
   * job is retried with back-off (back-off-rules.ts). Delivery is at least once: a process may die, or lose the
   * database for longer than its lease, after the work is done and before the job is finished, so `run` must be
   * idempotent.
   */
  run(job: Job, lease: Lease): Promise<Settled>
}

/** `lost`: another process has claimed the job meanwhile, or this one has released the lease; nothing was changed. */
export type Settled = 'settled' | 'lost'

/** What the holder of a lease may do with its job. All methods change nothing once another process has the lease. */
export interface Lease {
  /**
   * Aborted when the server stops: a job of many steps then ends after the current step and postpones itself to now.
   */
  readonly stopping: AbortSignal
  /** Removes the job. */
  finish(): Promise<Settled>
  /** Gives the job back, to be claimed again from `dueAt` (epoch milliseconds) on, by any process. */
  postpone(dueAt: number, payload?: string): Promise<Settled>
  /** `postpone` after a run without failure: the count of attempts, which back-off grows with, starts again at 0. */
  repeat(dueAt: number, payload?: string): Promise<Settled>
  /**
   * Writes the job's progress to `payload`, renews the lease and resets the count of attempts. Call it first in the
   * transaction of a step: it throws LeaseLost when another process has the lease, which rolls the step back.
   */
  advance(db: Db, payload: string): Promise<void>
}

/** Another process has claimed the job; the transaction of the step is rolled back. */
export class LeaseLost extends Error {}
