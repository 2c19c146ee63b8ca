// Date operators: the forms of ISO 8601 that AWS accepts, or seconds since 1970. Digits alone are seconds, not a year.
import { both, incomparable, type Operator } from './operator.ts'

const iso =
  /^(-?\d{1,9})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[tT](?:(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?)?([zZ]|[+-]\d\d(?::?\d\d)?)?)?)?$/
const LAST_EPOCH_SECOND = 9223372036854775807n
const FIRST_YEAR = -292275054
const LAST_YEAR = 292278993

/** Milliseconds since 1970, possibly a fraction, or undefined. A time without a zone is UTC. */
export function parseDate(text: string): number | undefined {
  if (/^\d{1,19}$/.test(text)) return BigInt(text) <= LAST_EPOCH_SECOND ? Number(text) * 1000 : undefined
  if (!/[tT-]/.test(text)) return undefined
  const parts = iso.exec(text)
  if (!parts) return undefined
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => (part === undefined ? undefined : Number(part)))
  const fraction = Number(`0.${parts[7] ?? '0'}`)
  const zone = zoneMinutes(parts[8])
  const exists =
    year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month)
  if (!exists || hour > 23 || minute > 59 || second > 59 || zone === undefined) return undefined
  const minutes = daysSince1970(year, month, day) * 1440 + hour * 60 + minute - zone
  return (minutes * 60 + second + fraction) * 1000
}

function zoneMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'z' || zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(3).replace(':', '') || '0')
  if (hours > 23 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
const daysOf = (year: number, month: number) =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31

/** In the proleptic Gregorian calendar, for years beyond `Date`. Years begin in March, so that leap days come last. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146097 + dayOfEra - 719468
}

const compare =
  (test: (requested: number, wanted: number) => boolean): Operator['compile'] =>
  (value) => {
    const wanted = parseDate(value)
    if (wanted === undefined) return incomparable
    return {
      matches(text) {
        const requested = parseDate(text)
        return requested === undefined ? undefined : test(requested, wanted)
      },
    }
  }

export const [dateEquals, dateNotEquals] = both(compare((a, b) => a === b))
export const [dateLessThan] = both(compare((a, b) => a < b))
export const [dateLessThanEquals] = both(compare((a, b) => a <= b))
export const [dateGreaterThan] = both(compare((a, b) => a > b))
export const [dateGreaterThanEquals] = both(compare((a, b) => a >= b))
