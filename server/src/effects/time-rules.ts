// Times of a clock that may be set back, or may have been ahead for a while. Pure. Times are epoch milliseconds.
import { limits } from './limits.ts'

/** Whether something that was made at `madeAt` can be: not later than now, but for a small difference of clocks. */
export const wasMade = (madeAt: number, now: number): boolean => madeAt <= now + limits.clockAhead.max

/**
 * Whether something that lives for `lifeMs` is alive. One that would live for longer than that from now on was made
 * while the clock was ahead.
 */
export const isAlive = (expiresAt: number, lifeMs: number, now: number): boolean =>
  expiresAt > now && wasMade(expiresAt - lifeMs, now)

/** The age of something; never negative, though the clock may have been set back since it was made. */
export const ageOf = (madeAt: number, now: number): number => Math.max(0, now - madeAt)
