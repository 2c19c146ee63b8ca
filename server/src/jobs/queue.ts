// What a queue is: a row in the table of queues (queues.ts), run by the one worker of each process (worker.ts).
import type { Db } from '../database/database.ts'
import type { Job } from './job-store.ts'

export interface Queue {
  /** What jobs of this queue have in the column `queue`, and the log calls it. */
  readonly name: string
  /** Jobs that one process runs at once. A slow queue does not hold up another. */
  readonly slots: number
  /** How long a claim lasts unless it is renewed, which it is for as long as `run` takes (LEASE_MS by default). */
  readonly leaseMs?: number
  /** There is always one job of this owner, made at the start; `run` postpones it and never finishes it. */
  readonly standing?: string
  /**
   * Does what the job asks for, and ends with what `lease.finish` or `lease.postpone` answered. When it rejects, the job is
   * tried again after a pause that grows with its attempts (back-off-rules.ts). It may run twice: a process may die, or be
   * cut off for longer than its lease, after it has done the work and before it has said so.
   */
  run(job: Job, lease: Lease): Promise<Settled>
}

/** `lost`: another process has claimed the job meanwhile, or this one has given up waiting for it; nothing was changed. */
export type Settled = 'settled' | 'lost'

/** What the claimant of a job may do with it. Everything here changes nothing once the lease is another's. */
export interface Lease {
  /** Aborted when the server stops: work of many steps then ends after the one under way, and postpones the job to `now`. */
  readonly stopping: AbortSignal
  /** Removes the job. */
  finish(): Promise<Settled>
  /** Gives the job back, to be claimed again from `dueAt` (epoch milliseconds) on, by any process. */
  postpone(dueAt: number, payload?: string): Promise<Settled>
  /**
   * Writes how far the job has come and renews the lease, first thing in the transaction that goes that far. Throws
   * LeaseLost when the lease is another's, which undoes the transaction. Attempts are counted anew from there on.
   */
  advance(db: Db, payload: string): Promise<void>
}

/** A step of a job was undone: another process has claimed the job. */
export class LeaseLost extends Error {}
