// Devices of one user for tests: clients on a service in memory, that do nothing by themselves.
import { onTestFinished } from 'vitest'
import { createSync, memoryStorage, type Storage, type Sync, type SyncOptions } from '../src/index.ts'
import { type FakeService, fakeService, POOL } from './fake-service.ts'

export const ADA = { provider: 'ada' }

export interface Device extends Sync {
  readonly storage: Storage
}

/** A client that asks when it is told to; destroyed at the end of the test. */
export function makeDevice(service: FakeService, options: Partial<SyncOptions> = {}): Sync {
  const sync = createSync({
    endpoint: 'http://service.test',
    identityPoolId: POOL,
    fetch: service.fetch,
    now: () => service.now,
    storage: memoryStorage(),
    live: 'manual',
    logins: ADA,
    ...options,
  })
  onTestFinished(() => sync.destroy())
  return sync
}

export { type FakeService, fakeService, POOL }
