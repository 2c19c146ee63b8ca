// The job that removes the rows of a deleted pool or group. Pure.
import type { NewJob } from './job-store.ts'

/**
 * Delay before a removal begins. A request that began before the deletion, or in another process that still has the
 * deleted pool in its cache, may still write rows; after this delay no such request is running any more.
 */
export const REMOVAL_DELAY_MS = 10_000

/** The job for a removal queue; `owner` is the id of the pool or group deleted at `now` (epoch milliseconds). */
export const removalJob = (queue: string, owner: string, now: number, delayMs = REMOVAL_DELAY_MS): NewJob => ({
  owner,
  id: queue,
  queue,
  payload: '',
  created_at: now,
  due_at: now + delayMs,
})
