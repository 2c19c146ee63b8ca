// What is known of addresses, by files of the operator: their places (GEOIP_FILE), and which are known to be bad
// (BAD_ADDRESSES_FILE). Without a file nothing is known. Files are read again when they change (background.ts).
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { readAddressList } from './address-list.ts'
import { limits } from './limits.ts'
import { type Place, readPlaces } from './places.ts'
import { type FileToWatch, type WatchedFile, watchFile } from './watched-file.ts'

export interface KnownAddresses {
  /** Where an address is used; nothing where that is not known. Addresses are in their usual form (`plainAddress`). */
  placeOf(address: string | undefined): Place
  /** Whether it is in BAD_ADDRESSES_FILE. */
  isBad(address: string | undefined): boolean
  /** Reads again what has changed. Never rejects. */
  refresh(): Promise<void>
}

/** Reads the files. Rejects with ConfigError when one cannot be used. */
export async function openKnownAddresses(
  { geoipFile, badAddressesFile }: Pick<Config, 'geoipFile' | 'badAddressesFile'>,
  log: Pick<Logger, 'info' | 'warn'>,
): Promise<KnownAddresses> {
  const watch = async <Content>(
    path: string | undefined,
    file: Omit<FileToWatch<Content>, 'path'>,
  ): Promise<WatchedFile<Content> | undefined> => (path === undefined ? undefined : watchFile({ ...file, path }, log))
  const places = await watch(geoipFile, {
    setting: 'GEOIP_FILE',
    maxBytes: limits.geoipFile.max,
    parse: readPlaces,
  })
  const bad = await watch(badAddressesFile, {
    setting: 'BAD_ADDRESSES_FILE',
    maxBytes: limits.badAddressesFile.max,
    parse: (bytes) => readAddressList(bytes.toString('utf8')),
  })
  return {
    placeOf(address) {
      if (!places || address === undefined) return {}
      try {
        return places.content()(address)
      } catch (error) {
        // A damaged record must not end a sign-in.
        log.warn({ setting: 'GEOIP_FILE', problem: (error as Error).message }, 'the place of an address cannot be read')
        return {}
      }
    },
    isBad: (address) => address !== undefined && bad?.content().has(address) === true,
    async refresh() {
      await places?.refresh()
      await bad?.refresh()
    },
  }
}
