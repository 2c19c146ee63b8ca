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

interface Entry {
  value: Promise<unknown>
  until: number
}

export function createSettingsCache(database: Database, sealer: Sealer, clock: Clock): SettingsCache {
  const lifetime = database.exclusive ? Number.POSITIVE_INFINITY : SHARED_LIFETIME_MS
  const entries = new Map<string, Entry>()

  function cached<T>(id: string, read: () => Promise<T | undefined>): Promise<T | undefined> {
    const known = entries.get(id)
    // A clock that was set back must not keep an entry alive for longer than its lifetime.
    if (known && clock.now() < known.until && known.until - clock.now() <= lifetime)
      return known.value as Promise<T | undefined>
    if (entries.size >= ENTRIES_KEPT) entries.clear()
    const entry: Entry = { value: read(), until: clock.now() + lifetime }
    entries.set(id, entry)
    // Neither a failure nor an absence is kept: names that do not exist must not fill the memory.
    const drop = (): void => {
      if (entries.get(id) === entry) entries.delete(id)
    }
    entry.value.then((value) => value === undefined && drop(), drop)
    return entry.value as Promise<T | undefined>
  }

  return {
    pool: (id) => cached(id, () => findPool(database.db, id)),
    client: (clientId) => cached(clientId, () => findClient(database.db, sealer, clientId)),
    forget: (id) => void entries.delete(id),
  }
}
