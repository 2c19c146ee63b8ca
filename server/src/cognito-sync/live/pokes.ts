// Who listens to which identity, and what its listeners were told: the counts of its datasets. Writes of this process are
// told at once; those of other processes are found by looking at the datasets twice a second, of those identities that
// somebody listens to here. Not here: connections (event-streams.ts).
import type { Logger } from 'pino'
import { type Database, DatabaseAway } from '../../database/database.ts'
import {
  type DatasetCount,
  type DatasetTotals,
  findCounts,
  findTotals,
  IDENTITIES_AT_ONCE,
} from './dataset-counts-store.ts'
import { idLine, knownBy, pokeEvent } from './event-rules.ts'
import type { StreamedIdentity } from './ticket.ts'

/** Gets the text of events. */
export type Listener = (events: string) => void

export interface Pokes {
  /** Tells the listeners of an identity that a dataset has a new count. Call it when the change is durable. */
  tell(identityId: string, datasetName: string, syncCount: number): void
  /** The same for a change of datasets whose counts are not at hand: a merger, a removal. */
  look(identityId: string): void
  /**
   * Calls `begin` with what a reader who knows `eventId` has missed, and from then on `listener` with each change; nothing
   * is between the two. Resolves with a function that ends this. Rejects when the database is away.
   */
  listen(
    identity: StreamedIdentity,
    eventId: string,
    begin: (events: string) => void,
    listener: Listener,
  ): Promise<() => void>
  /** Looks at the datasets that other processes may have changed. Rejects when the database is away. */
  poll(): Promise<void>
}

interface Listened {
  readonly identity: StreamedIdentity
  /** What every listener was told. */
  readonly counts: Map<string, number>
  readonly listeners: Set<Listener>
  /** Those who are about to listen. */
  arriving: number
  /** How often something was told: what was read before the last time may be older. */
  told: number
}

export function createPokes({ db, exclusive }: Pick<Database, 'db' | 'exclusive'>, log: Pick<Logger, 'error'>): Pokes {
  const listened = new Map<string, Listened>()
  /** Identities to look at, whichever process changed their datasets. */
  const changed = new Set<string>()

  const forgetUnheard = ({ identity: { id }, listeners, arriving }: Listened): void => {
    if (listeners.size > 0 || arriving > 0) return
    listened.delete(id)
    changed.delete(id)
  }

  /** Reads the datasets of identities anew and tells what is new. */
  async function read(ids: readonly string[]): Promise<void> {
    const before = ids.flatMap((id) => {
      const one = listened.get(id)
      return one ? [{ one, told: one.told }] : []
    })
    const rows = new Map<string, DatasetCount[]>(ids.map((id) => [id, []]))
    for (const row of await findCounts(db, ids)) rows.get(row.identity_id)?.push(row)
    for (const { one, told } of before) {
      changed.delete(one.identity.id)
      take(one, rows.get(one.identity.id) ?? [], one.told === told)
    }
  }

  async function readAll(ids: readonly string[]): Promise<void> {
    for (const batch of batchesOf(ids)) await read(batch)
  }

  return {
    tell(identityId, datasetName, syncCount) {
      const one = listened.get(identityId)
      if (!one) return
      one.told++
      // Two writes of one dataset may be told in either order.
      if (syncCount > (one.counts.get(datasetName) ?? 0)) poke(one, datasetName, syncCount)
    },

    look(identityId) {
      if (!listened.has(identityId)) return
      changed.add(identityId)
      // What fails is looked at by the next poll.
      read([identityId]).catch((err) => {
        if (!(err instanceof DatabaseAway)) log.error({ err }, 'datasets that are listened to were not read')
      })
    },

    async listen(identity, eventId, begin, listener) {
      const one = listened.get(identity.id) ?? {
        identity,
        counts: new Map(),
        listeners: new Set<Listener>(),
        arriving: 0,
        told: 0,
      }
      listened.set(identity.id, one)
      // From here on what is told reaches `counts`.
      one.arriving++
      try {
        await read([identity.id])
        begin(missedEvents(one, eventId))
        one.listeners.add(listener)
      } finally {
        one.arriving--
        forgetUnheard(one)
      }
      return () => {
        one.listeners.delete(listener)
        forgetUnheard(one)
      }
    },

    async poll() {
      if (!exclusive)
        for (const batch of batchesOf([...listened.keys()])) {
          const found = new Map((await findTotals(db, batch)).map((row) => [row.identity_id, row]))
          for (const id of batch) if (!agrees(listened.get(id), found.get(id))) changed.add(id)
        }
      await readAll([...changed])
    },
  }
}

function* batchesOf(ids: readonly string[]): Iterable<string[]> {
  for (let from = 0; from < ids.length; from += IDENTITIES_AT_ONCE) yield ids.slice(from, from + IDENTITIES_AT_ONCE)
}

/** Whether what listeners were told is what the database has. An identity that nobody listens to any more agrees. */
function agrees(one: Listened | undefined, found: DatasetTotals | undefined): boolean {
  if (!one) return true
  let total = 0
  for (const count of one.counts.values()) total += count
  return one.counts.size === (found?.datasets ?? 0) && total === (found?.total ?? 0)
}

/** Takes what was read. `whole`: nothing was told meanwhile, so that a dataset that is not among it is gone. */
function take(one: Listened, rows: readonly DatasetCount[], whole: boolean): void {
  const { counts } = one
  if (whole) {
    const names = new Set(rows.map((row) => row.dataset_name))
    for (const name of counts.keys()) if (!names.has(name)) counts.delete(name)
  }
  for (const { dataset_name: name, sync_count: count } of rows) {
    const known = counts.get(name) ?? 0
    if (whole ? count !== known : count > known) poke(one, name, count)
  }
}

function poke({ identity, counts, listeners }: Listened, datasetName: string, syncCount: number): void {
  counts.set(datasetName, syncCount)
  if (listeners.size === 0) return
  const events = idLine(counts) + pokeEvent(identity, datasetName, syncCount)
  for (const listener of listeners) listener(events)
}

/** A poke of each dataset whose count the reader does not know; only then the id, as the stream may break off before. */
function missedEvents({ identity, counts }: Listened, eventId: string): string {
  const knows = knownBy(eventId)
  const missed = [...counts].filter(([name, count]) => !knows(name, count))
  return `${missed.map(([name, count]) => pokeEvent(identity, name, count)).join('')}${idLine(counts)}\n`
}
