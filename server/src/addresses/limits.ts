import type { Limits } from '../limit.ts'

export const limits = {
  geoipFile: { max: 1024 * 1024 * 1024, unit: 'bytes', bounds: 'GEOIP_FILE, which is held in memory' },
  badAddressesFile: { max: 32 * 1024 * 1024, unit: 'bytes', bounds: 'BAD_ADDRESSES_FILE' },
  placeName: { max: 100, unit: 'characters', bounds: 'what is read of the name of a city or country in GEOIP_FILE' },
} as const satisfies Limits
