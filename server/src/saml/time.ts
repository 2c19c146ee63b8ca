// Times in SAML: xs:dateTime in UTC (SAML core 1.3.3).

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
