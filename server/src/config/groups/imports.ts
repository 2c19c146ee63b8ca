// The import of users (docs/import.md).
import type { SettingsReader } from '../settings-reader.ts'

export interface ImportConfig {
  readonly importMaxBytes: number
  readonly importMaxUsers: number
  /** Users that may fail or be skipped; 0: any number. */
  readonly importMaxRefusedUsers: number
  /** Whether hashes of other systems are taken. */
  readonly importForeignHashes: boolean
}

export const readImports = (read: SettingsReader): ImportConfig => ({
  importMaxBytes: read.wholeNumber('IMPORT_MAX_MEGABYTES', 1, 1_000_000) * 2 ** 20,
  importMaxUsers: read.wholeNumber('IMPORT_MAX_USERS', 1, 999_999_999),
  importMaxRefusedUsers: read.wholeNumber('IMPORT_MAX_REFUSED_USERS', 0, 999_999_999),
  importForeignHashes:
    read.checked('IMPORT_FOREIGN_HASHES', (value) => /^(true|false)$/.test(value), 'true or false') === 'true',
})
