// cognomen-sync in one piece: for service workers, which load nothing later, and programs in one file.

import type { Sync, SyncOptions } from './client.ts'
import * as leader from './leader.ts'
import { makeSync } from './sync.ts'

export { SyncError } from './errors.ts'
export { indexedDbStorage, memoryStorage, type Storage } from './storage.ts'

/** As createSync of `cognomen-sync`. */
export const createSync = (options: SyncOptions): Sync => makeSync(options, async () => leader)
