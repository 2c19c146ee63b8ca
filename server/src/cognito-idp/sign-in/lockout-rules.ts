// When a password may be guessed: lockout and daily limit. Pure; guess.ts stores the state.
// docs/reference/user-pools.md 8, docs/reference/threats.md 4.
//
// The lockout is Cognito's: from the fifth failure in a row on, the n-th failure locks the user for 2^(n-5) seconds, up
// to about 15 minutes; a success or 15 idle minutes reset it. The lockout alone allows about 1,010 guesses a day, so a
// leaky bucket allows no more than 200 in any 24 hours.
//
// A guess is counted as failed before it is evaluated and forgiven when it was right, so that concurrent guesses get
// past the limits no more often than guesses one after another.
import { ageOf, isAlive } from '../../effects/time-rules.ts'
import { limits } from '../limits.ts'

/** The `kind` of password guesses in the table of attempts. */
export const PASSWORD_GUESSES = 'password'

export interface GuessState {
  /** Failures in a row. */
  failures: number
  /** Epoch milliseconds. */
  lastFailureAt: number
  lockedUntil: number
  /** Guesses used of the bucket at `lastFailureAt`; they drain at half of `limits.guesses` a day. */
  used: number
}

const DAY_MS = 24 * 60 * 60 * 1000

const BUCKET = limits.guesses.max / 2

/** Epoch milliseconds from which a state equals none: the lock is over, the failures are reset, the bucket is empty. */
export const guessMattersUntil = ({ lastFailureAt, lockedUntil, used }: GuessState): number =>
  Math.ceil(
    Math.max(Math.max(lastFailureAt, lockedUntil) + limits.failuresKept.max, lastFailureAt + (used * DAY_MS) / BUCKET),
  )

/** The state with one more guess, counted as failed; undefined when no guess may be evaluated now. */
export function admitGuess(state: GuessState | undefined, now: number): GuessState | undefined {
  if (!state) return afterFailure({ failures: 0, lastFailureAt: now, lockedUntil: 0, used: 0 }, now)
  if (isAlive(state.lockedUntil, limits.lock.max, now)) return undefined
  const used = drained(state, now)
  if (used + 1 > BUCKET) return undefined
  const idle = now - Math.max(state.lastFailureAt, state.lockedUntil) >= limits.failuresKept.max
  return afterFailure({ ...state, used, failures: idle ? 0 : state.failures }, now)
}

/** The state after a guess that was right: the failures are reset, and the guess is taken out of the bucket again. */
export function forgiveGuess(state: GuessState, now: number): GuessState {
  return { failures: 0, lastFailureAt: now, lockedUntil: 0, used: Math.max(0, drained(state, now) - 1) }
}

function afterFailure(state: GuessState, now: number): GuessState {
  const failures = state.failures + 1
  const lock =
    failures > limits.failuresBeforeLock.max
      ? Math.min(limits.lock.max, 1000 * 2 ** (failures - limits.failuresBeforeLock.max - 1))
      : 0
  return { failures, lastFailureAt: now, lockedUntil: now + lock, used: state.used + 1 }
}

const drained = (state: GuessState, now: number): number =>
  Math.max(0, state.used - (BUCKET * ageOf(state.lastFailureAt, now)) / DAY_MS)
