// A cache of rows in memory, so that hot operations read settings without a round trip.
//
// On a database that only this process writes, an entry stays until it is invalidated after a write. On a shared one it
// expires after a second, so a change by another process is seen by then. Deciding a write from cached rows is safe
// only because writes compare versions in the database (compare-and-set).
import type { Clock } from '../effects/effects.ts'
import type { Database } from './database.ts'
import { orKnown } from './within.ts'

const SHARED_LIFETIME_MS = 1000
const ENTRIES_KEPT = 10_000

interface Entry<Value> {
  value: Promise<Value | undefined>
  /** Epoch milliseconds. */
  until: number
  /** What was read last. */
  known: Value | undefined
}

export interface Cache<Value> {
  get(id: string): Promise<Value | undefined>
  /** The same, or the value that was read last while the database is away or slow: for what may be a little old. */
  lastKnown(id: string): Promise<Value | undefined>
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
  const entries = new Map<string, Entry<Value>>()

  function get(id: string): Promise<Value | undefined> {
    const before = entries.get(id)
    // The absolute difference: an entry expires even if the clock was set back.
    if (before && clock.now() < before.until && before.until - clock.now() <= lifetimeMs) return before.value
    if (entries.size >= ENTRIES_KEPT) entries.clear()
    const entry: Entry<Value> = { value: read(id), until: clock.now() + lifetimeMs, known: before?.known }
    entries.set(id, entry)
    const keep = (known: Value | undefined): void => {
      entry.known = known
      if (known === undefined && entries.get(id) === entry) entries.delete(id)
    }
    entry.value.then(keep, () => {
      entry.until = 0
      keep(entry.known)
    })
    return entry.value
  }

  return {
    get,
    lastKnown(id) {
      const value = get(id)
      return orKnown(value, entries.get(id)?.known)
    },
    forget: (id) => void entries.delete(id),
  }
}
