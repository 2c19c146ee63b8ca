// The place of an address, by a database in MaxMind's format (GEOIP_FILE): GeoLite2-City, GeoIP2-Country, DB-IP City Lite,
// those of ip-location-db. The format: https://maxmind.github.io/MaxMind-DB/; the members of a record are those of MaxMind's
// GeoIP2 databases, or the flat ones of ip-location-db.
import type { CityResponse, Reader } from 'mmdb-lib'
import { limits } from './limits.ts'

/** Where an address is used, as far as it is known. */
export interface Place {
  /** Names in English. */
  readonly city?: string
  readonly country?: string
  /** ISO 3166, two letters. */
  readonly countryCode?: string
  readonly coordinates?: Coordinates
}

export interface Coordinates {
  /** Degrees. */
  readonly latitude: number
  readonly longitude: number
  /** Kilometres around the coordinates that the address is probably in. */
  readonly radius: number
}

/** Gives the place of an address in its usual form (`plainAddress`); nothing where none is known. */
export type FindPlace = (address: string) => Place

/** Databases that have places: others of the same format tell networks, proxies, or domains. */
const TYPES = /city|country|enterprise|location/i
const SEPARATOR_BYTES = 16

/** Throws an Error that says why the bytes are no database of places. */
export async function readPlaces(bytes: Buffer): Promise<FindPlace> {
  const library = await import('mmdb-lib')
  let reader: Reader<CityResponse>
  try {
    reader = new library.Reader(bytes)
    for (const address of ['192.0.2.1', '203.0.113.1']) reader.get(address)
  } catch (error) {
    throw new Error(`it is no database in MaxMind's format, or damaged (${(error as Error).message})`)
  }
  const { binaryFormatMajorVersion: version, databaseType: type, searchTreeSize } = reader.metadata
  if (version !== 2) throw new Error(`it has version ${version} of MaxMind's format, and 2 is read`)
  if (searchTreeSize + SEPARATOR_BYTES > bytes.length) throw new Error('it is cut short')
  if (!TYPES.test(String(type)))
    throw new Error(`it is a database of the type ${type}, and one of cities or countries is needed`)
  return (address) => {
    // A database of IPv4 addresses alone would find something else for an IPv6 one.
    if (address.includes(':') && reader.metadata.ipVersion === 4) return {}
    const record = reader.get(address) as PlaceRecord | FlatRecord | null
    return record ? placeFrom(record) : {}
  }
}

/** The members that are read; each may be absent, or something else. */
interface PlaceRecord {
  readonly city?: { readonly names?: { readonly en?: unknown } }
  readonly country?: { readonly iso_code?: unknown; readonly names?: { readonly en?: unknown } }
  readonly location?: {
    readonly latitude?: unknown
    readonly longitude?: unknown
    readonly accuracy_radius?: unknown
  }
}

/** The form of ip-location-db: coordinates are texts, and a country has no name. */
interface FlatRecord {
  readonly city?: unknown
  readonly country_code?: unknown
  readonly latitude?: unknown
  readonly longitude?: unknown
}

const isFlat = (record: PlaceRecord | FlatRecord): record is FlatRecord =>
  'country_code' in record || typeof record.city === 'string'

const placeFrom = (record: PlaceRecord | FlatRecord): Place => (isFlat(record) ? fromFlat(record) : fromNested(record))

const fromNested = ({ city, country, location }: PlaceRecord): Place => ({
  ...name('city', city?.names?.en),
  ...name('country', country?.names?.en),
  ...name('countryCode', country?.iso_code),
  ...coordinates(location?.latitude, location?.longitude, location?.accuracy_radius),
})

const fromFlat = ({ city, country_code: code, latitude, longitude }: FlatRecord): Place => ({
  ...name('city', city),
  ...name('country', typeof code === 'string' && COUNTRY_CODE.test(code) ? countryNames.of(code) : undefined),
  ...name('countryCode', code),
  ...coordinates(numberFrom(latitude), numberFrom(longitude)),
})

const COUNTRY_CODE = /^[A-Z]{2}$/
const countryNames = new Intl.DisplayNames('en', { type: 'region' })

const numberFrom = (value: unknown): unknown => (typeof value === 'string' && value !== '' ? Number(value) : value)

const coordinates = (latitude: unknown, longitude: unknown, radius: unknown = 0): Pick<Place, 'coordinates'> =>
  Number.isFinite(latitude) && Number.isFinite(longitude) && Number.isFinite(radius)
    ? { coordinates: { latitude, longitude, radius } as Coordinates }
    : {}

const name = (member: 'city' | 'country' | 'countryCode', value: unknown): Place =>
  typeof value === 'string' && value !== '' ? { [member]: value.slice(0, limits.placeName.max) } : {}
