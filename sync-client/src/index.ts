// cognomen-sync: a user's data on every device.
export type { Dataset, Limits, Unsubscribe } from './dataset.ts'
export type { Conflict, Strategy } from './engine.ts'
export { SyncError } from './errors.ts'
export type { DatasetStatus } from './replica.ts'
export type { Schemas, StandardSchema, ValuesOf } from './schema.ts'
export type { DatasetInfo, Logins } from './service.ts'
export { indexedDbStorage, memoryStorage, type Storage } from './storage.ts'
export {
  createSync,
  type DatasetOptions,
  type GivenLogins,
  type Sync,
  type SyncOptions,
  type SyncStatus,
} from './sync.ts'
export { type Json, merge3 } from './values.ts'
