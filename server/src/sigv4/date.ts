// Signing dates: the basic ISO form (20150830T123600Z) and the Date header of HTTP.

/** Milliseconds since 1970 of a basic ISO date, or undefined for other text and dates that do not exist. */
export function parseBasicIso(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!parts) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number)
  const time = Date.UTC(year, month - 1, day, hour, minute, second)
  // Date.UTC turns the 31st of June into the 1st of July.
  return formatBasicIso(time) === text ? time : undefined
}

/** The basic ISO form of a time in milliseconds since 1970; parts of a second are dropped. */
export function formatBasicIso(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}

/** The basic ISO form of a Date header, which has that form, the extended ISO form, or IMF-fixdate (RFC 9110 5.6.7). */
export function basicIsoOfDateHeader(text: string): string | undefined {
  if (parseBasicIso(text) !== undefined) return text
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) {
    const basic = text.replace(/[-:]/g, '')
    return parseBasicIso(basic) === undefined ? undefined : basic
  }
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) || new Date(time).toUTCString() !== text ? undefined : formatBasicIso(time)
}
