import type { Limits } from '../limit.ts'

export const limits = {
  geoipFile: { max: 1024 * 1024 * 1024, unit: 'bytes', bounds: 'GEOIP_FILE, which is held in memory' },
  badAddressesFile: { max: 32 * 1024 * 1024, unit: 'bytes', bounds: 'BAD_ADDRESSES_FILE' },
  placeName: { max: 100, unit: 'characters', bounds: 'what is read of the name of a city or country in GEOIP_FILE' },
  namesFailed: {
    max: 50,
    unit: 'a day',
    bounds: 'names at which sign-ins from one address (IPv4, or /64) fail, beyond which that is a risk of its sign-ins',
    source: 'docs/behaviour/threat-protection.md',
  },
  failingAddresses: { max: 10_000, bounds: 'addresses of that kind that a process remembers; then it begins anew' },
} as const satisfies Limits
