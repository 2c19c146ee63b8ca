// Cognito Sync: whose datasets an identity reaches, and how large they may be.
import type { SettingsReader } from '../settings-reader.ts'

export interface SyncConfig {
  /** Whether identities reach the datasets of others as far as their policies allow. */
  readonly syncAcrossIdentities: boolean
  readonly syncLimits: SyncLimits
}

export interface SyncLimits {
  /** Of an identity. */
  readonly datasets: number
  /** Of a dataset. */
  readonly records: number
  /** UTF-8 bytes of the keys and values of a dataset. */
  readonly bytes: number
}

/** Those of AWS are the least, so that applications written for it find what they rely on. */
export const readSync = (read: SettingsReader): SyncConfig => ({
  syncAcrossIdentities:
    read.checked('SYNC_ACROSS_IDENTITIES', (value) => /^(true|false)$/.test(value), 'true or false') === 'true',
  syncLimits: {
    datasets: read.wholeNumber('SYNC_DATASETS', 20, 200),
    records: read.wholeNumber('SYNC_RECORDS', 1024, 10_240),
    bytes: read.wholeNumber('SYNC_DATASET_BYTES', 2 ** 20, 2 ** 24),
  },
})
