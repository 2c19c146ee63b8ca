// The job that removes what was deleted. Pure.
import type { NewJob } from './job-store.ts'

/**
 * A request that began before a deletion, or in another process that still has the deleted pool in its cache, may yet write
 * rows. Removal begins when none of those can be running any more.
 */
export const REMOVAL_DELAY_MS = 10_000

/** A job of a removal's queue; `owner` is the id of what was deleted at `now`. */
export const removalJob = (queue: string, owner: string, now: number, delayMs = REMOVAL_DELAY_MS): NewJob => ({
  owner,
  id: queue,
  queue,
  payload: '',
  created_at: now,
  due_at: now + delayMs,
})
