// Records and conflicts as the old library has them.
import type { Known } from './engine.ts'

export type Callback<T> = (error: Error | null, value?: T) => void

export interface LegacyRecord {
  Key: string
  Value: string
  SyncCount: number
  LastModifiedDate: Date
  LastModifiedBy: string
  DeviceLastModifiedDate: Date
  Modified: boolean
}

/** A key that was changed here and by another device. */
export class SyncConflict {
  private readonly remote: LegacyRecord
  private readonly local: LegacyRecord

  constructor(remote: LegacyRecord, local: LegacyRecord) {
    this.remote = remote
    this.local = local
  }

  getKey = (): string => this.remote.Key
  getRemoteRecord = (): LegacyRecord => this.remote
  getLocalRecord = (): LegacyRecord => this.local
  resolveWithRemoteRecord = (): LegacyRecord => ({ ...this.remote, Modified: false })
  resolveWithLocalRecord = (): LegacyRecord => this.resolveWithValue(this.local.Value)
  resolveWithValue = (value: string): LegacyRecord => ({ ...this.remote, Value: value, Modified: true })
}

/** Tells both who calls back and who waits. */
export function told<T>(work: Promise<T>, callback?: Callback<T>): Promise<T> {
  if (!callback) return work
  return work.then(
    (value) => {
      callback(null, value)
      return value
    },
    (error) => {
      callback(error)
      return undefined as T
    },
  )
}

/** A record in that form. */
export const recordOf = (Key: string, { value = '', count, at, by }: Known, Modified: boolean): LegacyRecord => ({
  Key,
  Value: value,
  SyncCount: count,
  LastModifiedDate: new Date(at),
  LastModifiedBy: by,
  DeviceLastModifiedDate: new Date(at),
  Modified,
})
