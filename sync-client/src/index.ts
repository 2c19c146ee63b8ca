// cognomen-sync: a user's data on every device. What talks to the service is loaded by the tab that does so; for service
// workers, which load nothing later, and programs in one file there is whole.ts.
import type { Sync, SyncOptions } from './client.ts'
import { makeSync } from './sync.ts'

export type { DatasetOptions, GivenLogins, Sync, SyncOptions, SyncStatus } from './client.ts'
export type { Dataset, Limits, Unsubscribe } from './dataset.ts'
export type { Conflict, Strategy } from './engine.ts'
export { SyncError } from './errors.ts'
export type { DatasetStatus } from './replica.ts'
export type { Schemas, StandardSchema, ValuesOf } from './schema.ts'
export type { DatasetInfo, Logins } from './service.ts'
export { indexedDbStorage, memoryStorage, type Storage } from './storage.ts'
export type { Json } from './values.ts'

/** A client for the datasets of the identity that `logins` lead to, or of a guest. */
export const createSync = (options: SyncOptions): Sync => makeSync(options, () => import('./leader.ts'))
