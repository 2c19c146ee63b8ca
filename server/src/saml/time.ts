// Times in SAML: xs:dateTime in UTC (SAML core 1.3.3), and durations.

const UTC = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,12}))?(?:Z|[+-]00:00)$/

/** Epoch milliseconds; undefined for other text and other time zones. */
export function samlTime(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, fraction = ''] = UTC.exec(text) ?? []
  if (year === undefined) return undefined
  const whole = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const time = Date.parse(`${whole}.${fraction.slice(0, 3).padEnd(3, '0')}Z`)
  // Date.parse turns the 30th of February into a day of March.
  return Number.isNaN(time) || !new Date(time).toISOString().startsWith(whole) ? undefined : time
}

const DURATION =
  /^P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.\d{1,9})?S)?)?$/
const SECONDS = [365 * 86_400, 30 * 86_400, 86_400, 3600, 60, 1]

/** An xs:duration in milliseconds, years and months of their usual length; undefined for other text and negative ones. */
export function samlDuration(text: string): number | undefined {
  const parts = DURATION.exec(text)?.slice(1)
  if (!parts?.some((part) => part !== undefined) || text.endsWith('T')) return undefined
  return parts.reduce((sum, part, at) => sum + Number(part ?? 0) * (SECONDS[at] as number) * 1000, 0)
}
