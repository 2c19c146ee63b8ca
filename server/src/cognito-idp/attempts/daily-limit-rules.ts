// How many codes a user may ask for in a day. Pure. docs/reference/threats.md 8: with the tries that each code allows (codes/codes.ts) this
// bounds how often a day a stranger may guess at somebody's codes. docs/behaviour/sign-up.md.
export interface SentCodes {
  /** Epoch milliseconds of each of the last day's codes, oldest first. */
  at: readonly number[]
}

const DAY_MS = 24 * 60 * 60 * 1000

/** What was sent when one more code is; undefined when `max` were sent in the day before `now`. */
export function countCode(sent: SentCodes | undefined, max: number, now: number): SentCodes | undefined {
  // Times that lie in the future (a clock that was set back) do not count.
  const recent = (sent?.at ?? []).filter((at) => at <= now && now - at < DAY_MS)
  return recent.length >= max ? undefined : { at: [...recent, now] }
}

/** From when on a state means nothing more. */
export const sentCodesMatterUntil = ({ at }: SentCodes): number => (at.at(-1) ?? 0) + DAY_MS
