// Files that tell of addresses (addresses/).
import type { SettingsReader } from '../settings-reader.ts'

export interface AddressConfig {
  /** A database of places. */
  readonly geoipFile: string | undefined
  /** A list of addresses that are known to be bad. */
  readonly badAddressesFile: string | undefined
}

export const readAddresses = (read: SettingsReader): AddressConfig => ({
  geoipFile: read.text('GEOIP_FILE'),
  badAddressesFile: read.text('BAD_ADDRESSES_FILE'),
})
