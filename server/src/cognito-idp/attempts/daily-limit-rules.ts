// The daily limit on codes that a user may ask for. Pure. Together with the tries that each code allows
// (codes/codes.ts) it bounds how many guesses a day a stranger has at a user's codes (docs/reference/threats.md 8;
// docs/behaviour/sign-up.md).
import { ageOf, wasMade } from '../../effects/time-rules.ts'

export interface SentCodes {
  /** Epoch milliseconds of each of the last day's codes, oldest first. */
  at: readonly number[]
}

const DAY_MS = 24 * 60 * 60 * 1000

/** The state after one more code is sent; undefined when `max` were sent in the day before `now`. */
export function countCode(sent: SentCodes | undefined, max: number, now: number): SentCodes | undefined {
  // Times far in the future (the clock was ahead) do not count.
  const recent = (sent?.at ?? []).filter((at) => wasMade(at, now) && ageOf(at, now) < DAY_MS)
  return recent.length >= max ? undefined : { at: [...recent, now] }
}

/** Epoch milliseconds from which a state means the same as none. */
export const sentCodesMatterUntil = ({ at }: SentCodes): number => (at.at(-1) ?? 0) + DAY_MS
