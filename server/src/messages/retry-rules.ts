// When delivery is tried again, and when it is given up. Pure. docs/behaviour/messages.md.
import { pauseAfter } from '../jobs/back-off-rules.ts'

const SECOND_MS = 1000
const HOUR_MS = 60 * 60 * SECOND_MS

/** Longest that one attempt may take; a sender that has not answered by then has failed. */
export const ATTEMPT_LIMIT_MS = 60 * SECOND_MS

/** Attempts before a message is given up: about a day of trying. */
export const MOST_ATTEMPTS = 32

/** For how long a message is worth delivering when nothing is said. */
const USEFUL_FOR_MS = 24 * HOUR_MS

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
