// Whether a function that does not answer is asked again: after some failures in a row it is left alone for a while, then
// one call is the probe that decides. Pure.
import type { FunctionAnswer } from '../effects/effects.ts'
import { limits } from './limits.ts'

export interface Breaker {
  /** Tries in a row that found the function away. */
  readonly failures: number
  /** Epoch milliseconds until which nobody asks; 0 while everybody may. */
  readonly openUntil: number
  /** Whether a probe is under way. */
  readonly probing: boolean
}

export const closed: Breaker = { failures: 0, openUntil: 0, probing: false }

/** How a call may ask at a time: as usual, as the probe, with one try, or not at all. */
export function permission({ openUntil, probing }: Breaker, now: number): 'ask' | 'probe' | 'wait' {
  if (openUntil === 0) return 'ask'
  // A clock that was set back must not keep a function away for longer.
  const over = now >= openUntil || now < openUntil - limits.pause.max
  return over && !probing ? 'probe' : 'wait'
}

export const probing = (breaker: Breaker): Breaker => ({ ...breaker, probing: true })

/** Statuses by which a server, or a proxy before it, says that nobody is there to answer. */
const AWAY_STATUSES: ReadonlySet<number> = new Set([408, 502, 503, 504])

/**
 * Whether the outcome of a try says that the function is away. Any other HTTP status says no such thing, were it 500: a
 * function that fails over the request of one user, whenever that user likes, must not be kept from the others.
 */
export const isAway = (answer: FunctionAnswer): boolean =>
  answer.outcome === 'failed' && (answer.status === undefined || AWAY_STATUSES.has(answer.status))

/** The breaker after a try. */
export function after(breaker: Breaker, present: boolean, now: number): Breaker {
  if (present) return closed
  const failures = breaker.failures + 1
  return { failures, openUntil: failures >= limits.failuresInARow.max ? now + limits.pause.max : 0, probing: false }
}
