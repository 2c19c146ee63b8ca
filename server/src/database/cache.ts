// A cache of rows in memory, so that hot operations read settings without a round trip.
//
// On a database that only this process writes, an entry stays until it is invalidated after a write. On a shared one it
// expires after a second, so a change by another process is seen by then. Deciding a write from cached rows is safe
// only because writes compare versions in the database (compare-and-set).
import type { Clock } from '../effects/effects.ts'
import type { Database } from './database.ts'

const SHARED_LIFETIME_MS = 1000
const ENTRIES_KEPT = 10_000

export interface Cache<Value> {
  get(id: string): Promise<Value | undefined>
  forget(id: string): void
}

/**
 * A cache in front of `read`. Failures and misses are not cached: requests for unknown names must not fill the memory.
 */
export function createCache<Value>(
  read: (id: string) => Promise<Value | undefined>,
  clock: Clock,
  database: Pick<Database, 'exclusive'>,
): Cache<Value> {
  const lifetimeMs = database.exclusive ? Number.POSITIVE_INFINITY : SHARED_LIFETIME_MS
  const entries = new Map<string, { value: Promise<Value | undefined>; until: number }>()
  return {
    get(id) {
      const known = entries.get(id)
      // The absolute difference: an entry expires even if the clock was set back.
      if (known && clock.now() < known.until && known.until - clock.now() <= lifetimeMs) return known.value
      if (entries.size >= ENTRIES_KEPT) entries.clear()
      const entry = { value: read(id), until: clock.now() + lifetimeMs }
      entries.set(id, entry)
      const drop = (): void => {
        if (entries.get(id) === entry) entries.delete(id)
      }
      entry.value.then((value) => value === undefined && drop(), drop)
      return entry.value
    },
    forget: (id) => void entries.delete(id),
  }
}
