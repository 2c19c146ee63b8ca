// When delivery is tried again, and when it is given up. Pure. docs/behaviour/messages.md.

const SECOND_MS = 1000
const HOUR_MS = 60 * 60 * SECOND_MS

/** Longest that one attempt may take; a sender that has not answered by then has failed. */
export const ATTEMPT_LIMIT_MS = 60 * SECOND_MS

/** How long a server that stops waits for attempts under way; what has not ended by then is left to its lease. */
export const STOP_LIMIT_MS = 5 * SECOND_MS

/**
 * How long a claimed message belongs to its claimant, who renews the lease while it sends: only a crash lets one run out,
 * and another process then waits no longer than this.
 */
export const LEASE_MS = 20 * SECOND_MS

export const RENEW_EVERY_MS = LEASE_MS / 4

const FIRST_PAUSE_MS = 5 * SECOND_MS
const LONGEST_PAUSE_MS = HOUR_MS

/** Attempts before a message is given up: about a day of trying. */
export const MOST_ATTEMPTS = 32

/** For how long a message is worth delivering when nothing is said. */
const USEFUL_FOR_MS = 24 * HOUR_MS

/** The pause after the given number of attempts: doubling, with a quarter of it either way left to chance (`random` in [0, 1)). */
export function pauseAfter(attempts: number, random: number): number {
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1))
  return Math.round(pause * (0.75 + random / 2))
}

export interface Attempted {
  /** Epoch milliseconds. */
  createdAt: number
  /** Including the one that failed. */
  attempts: number
  usefulForMs: number | undefined
}

/** Whether a message is no longer worth sending, such as one with a code that has expired. */
export const isOutOfDate = ({ createdAt, usefulForMs }: Omit<Attempted, 'attempts'>, now: number): boolean =>
  now >= createdAt + (usefulForMs ?? USEFUL_FOR_MS)

/** When to try a failed message again; undefined to give it up. */
export function nextAttemptAt(message: Attempted, now: number, random: number): number | undefined {
  const at = now + pauseAfter(message.attempts, random)
  return message.attempts >= MOST_ATTEMPTS || isOutOfDate(message, at) ? undefined : at
}
