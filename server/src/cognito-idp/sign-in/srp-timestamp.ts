// TIMESTAMP of PASSWORD_VERIFIER: `Wed Jan 7 09:05:03 UTC 2026`, English, the day not padded
// (docs/reference/user-pools.md 9.2). Pure.

const FORM = /^\w{3} (\w{3}) (\d{1,2}) (\d\d):(\d\d):(\d\d) UTC (\d{4})$/
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

// Wide, as the clocks of phones are often wrong. Spending the secret block prevents replay, not the timestamp.
const SKEW_MS = 24 * 60 * 60 * 1000

/** The TIMESTAMP of a date, as clients must write it. */
function timestampOf(date: Date): string {
  const weekday = WEEKDAYS[date.getUTCDay()]
  const month = MONTHS[date.getUTCMonth()]
  const time = date.toISOString().slice(11, 19)
  return `${weekday} ${month} ${date.getUTCDate()} ${time} UTC ${date.getUTCFullYear()}`
}

/** True for the one spelling of a time that is within a day of `now`; false with a wrong weekday or a padded day. */
export function timestampIsNear(timestamp: string, now: number): boolean {
  const [, month, ...numbers] = FORM.exec(timestamp) ?? []
  if (month === undefined) return false
  const [day, hours, minutes, seconds, year] = numbers.map(Number) as [number, number, number, number, number]
  const date = new Date(Date.UTC(year, MONTHS.indexOf(month), day, hours, minutes, seconds))
  return timestampOf(date) === timestamp && Math.abs(date.getTime() - now) <= SKEW_MS
}
