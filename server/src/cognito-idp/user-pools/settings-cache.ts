// Settings of pools and clients, kept in memory: hot operations read them without a round trip.
//
// On a database that only this process writes, an entry stays until it is forgotten after a write. On a shared one it
// is read anew after a second, so a change made through another process is seen by then. Deciding a write from cached
// settings is safe only because writes to settings themselves compare versions in the database.
import type { Sealer } from '../../crypto/seal.ts'
import type { Database } from '../../database/database.ts'
import type { Clock } from '../../effects/effects.ts'
import { findClient, type UserPoolClient } from '../user-pool-clients/client-store.ts'
import { findPool, type UserPool } from './pool-store.ts'

const SHARED_LIFETIME_MS = 1000
const ENTRIES_KEPT = 10_000

export interface SettingsCache {
  pool(id: string): Promise<UserPool | undefined>
  client(clientId: string): Promise<UserPoolClient | undefined>
  /** To be called after every write of a pool or client, by the one who wrote. */
  forget(id: string): void
}

// What does not have the form of an id is in no database; so nothing odd reaches a statement from an unverified token or a path.
const POOL_ID = /^[\w-]{1,40}_[0-9A-Za-z]{1,40}$/
const CLIENT_ID = /^[\w+]{1,128}$/

export function createSettingsCache(database: Database, sealer: Sealer, clock: Clock): SettingsCache {
  const lifetime = database.exclusive ? Number.POSITIVE_INFINITY : SHARED_LIFETIME_MS
  const pools = createCache((id) => findPool(database.db, id), clock, lifetime)
  const clients = createCache((id) => findClient(database.db, sealer, id), clock, lifetime)
  return {
    pool: async (id) => (POOL_ID.test(id) ? pools.get(id) : undefined),
    client: async (id) => (CLIENT_ID.test(id) ? clients.get(id) : undefined),
    forget: (id) => {
      pools.forget(id)
      clients.forget(id)
    },
  }
}

interface Cache<Value> {
  get(id: string): Promise<Value | undefined>
  forget(id: string): void
}

function createCache<Value>(
  read: (id: string) => Promise<Value | undefined>,
  clock: Clock,
  lifetimeMs: number,
): Cache<Value> {
  const entries = new Map<string, { value: Promise<Value | undefined>; until: number }>()
  return {
    get(id) {
      const known = entries.get(id)
      // A clock that was set back must not keep an entry alive for longer than its lifetime.
      if (known && clock.now() < known.until && known.until - clock.now() <= lifetimeMs) return known.value
      if (entries.size >= ENTRIES_KEPT) entries.clear()
      const entry = { value: read(id), until: clock.now() + lifetimeMs }
      entries.set(id, entry)
      // Neither a failure nor an absence is kept: names that do not exist must not fill the memory.
      const drop = (): void => {
        if (entries.get(id) === entry) entries.delete(id)
      }
      entry.value.then((value) => value === undefined && drop(), drop)
      return entry.value
    },
    forget: (id) => void entries.delete(id),
  }
}
