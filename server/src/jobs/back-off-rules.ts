// How long a lease is, and when a job that failed is tried again. Pure.
import { limits } from './limits.ts'

const SECOND_MS = 1000

/**
 * How long a claimed job belongs to its claimant, who renews the lease while it works: only a crash lets one run out, and
 * another process then waits no longer than this.
 */
export const LEASE_MS = 20 * SECOND_MS

/** How long a server that stops waits for jobs under way; what has not ended by then is left to its lease. */
export const STOP_LIMIT_MS = 5 * SECOND_MS

/** How long before a lease ends it is renewed. */
export const renewalPause = (leaseMs: number): number => leaseMs / 4

const FIRST_PAUSE_MS = 5 * SECOND_MS

/** The pause after the given number of attempts: doubling, with a quarter of it either way left to chance (`random` in [0, 1)). */
export function pauseAfter(attempts: number, random: number): number {
  const pause = Math.min(limits.pause.max, FIRST_PAUSE_MS * 2 ** (attempts - 1))
  return Math.round(pause * (0.75 + random / 2))
}
