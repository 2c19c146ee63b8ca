// When delivery of a message is retried, and when it is given up. Pure. docs/behaviour/messages.md.
import { pauseAfter } from '../jobs/back-off-rules.ts'
import { limits } from './limits.ts'

export interface Attempted {
  /** Epoch milliseconds. */
  createdAt: number
  /** Attempts so far, including the one that just failed. */
  attempts: number
  usefulForMs: number | undefined
}

/** Whether a message is no longer worth sending, such as one with a code that has expired. */
export const isOutOfDate = ({ createdAt, usefulForMs }: Omit<Attempted, 'attempts'>, now: number): boolean =>
  now >= createdAt + (usefulForMs ?? limits.usefulFor.max)

/** The time (epoch milliseconds) to retry a failed message at; undefined to give it up. */
export function nextAttemptAt(message: Attempted, now: number, random: number): number | undefined {
  const at = now + pauseAfter(message.attempts, random)
  return message.attempts >= limits.attempts.max || isOutOfDate(message, at) ? undefined : at
}
