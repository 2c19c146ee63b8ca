// Length of a lease, and back-off of failed jobs. Pure.
import { limits } from './limits.ts'

const SECOND_MS = 1000

/**
 * Length of a lease. The process that claimed a job renews its lease while the job runs, so a lease expires only after
 * a crash, and this is how long other processes then wait for the job.
 */
export const LEASE_MS = 20 * SECOND_MS

/**
 * How long a stopping server waits for running jobs; one that has not ended by then is retried when its lease expires.
 */
export const STOP_LIMIT_MS = 5 * SECOND_MS

/** The interval at which a lease is renewed. */
export const renewalPause = (leaseMs: number): number => leaseMs / 4

const FIRST_PAUSE_MS = 5 * SECOND_MS

/** Exponential back-off: the pause in ms after `attempts` attempts, with a jitter of ±25 % from `random` in [0, 1). */
export function pauseAfter(attempts: number, random: number): number {
  const pause = Math.min(limits.pause.max, FIRST_PAUSE_MS * 2 ** (attempts - 1))
  return Math.round(pause * (0.75 + random / 2))
}
