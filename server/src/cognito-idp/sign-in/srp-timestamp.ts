// TIMESTAMP of PASSWORD_VERIFIER: `Wed Jan 7 09:05:03 UTC 2026`, English, the day not padded
// (docs/reference/user-pools.md 9.2). Pure.

const FORM =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) UTC (\d{4})$/
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

// Wide, as the clocks of phones are often wrong. Spending the secret block prevents replay, not the timestamp.
const SKEW_MS = 24 * 60 * 60 * 1000

/** True for a well-formed timestamp within a day of `now`. */
export function timestampIsNear(timestamp: string, now: number): boolean {
  const [, month, day, hours, minutes, seconds, year] = FORM.exec(timestamp) ?? []
  if (month === undefined) return false
  const time = Date.UTC(
    Number(year),
    MONTHS.indexOf(month),
    Number(day),
    Number(hours),
    Number(minutes),
    Number(seconds),
  )
  return Math.abs(time - now) <= SKEW_MS
}
