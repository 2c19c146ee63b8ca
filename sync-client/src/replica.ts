// A dataset as one tab has it in memory: its state, what is seen of it, and who listens.
import {
  apply,
  type Delta,
  emptyState,
  type Intent,
  type Known,
  type Meta,
  OWN,
  type Rules,
  type State,
  seen,
  unsent,
} from './engine.ts'
import type { SyncError } from './errors.ts'
import { tell } from './listeners.ts'
import { type Schemas, validate } from './schema.ts'
import { decode } from './values.ts'

export interface DatasetStatus {
  /** `offline`: the service cannot be reached; `error`: it refuses, see `error`. */
  readonly state: 'starting' | 'syncing' | 'synced' | 'offline' | 'error'
  /** Changes that the service does not have yet. */
  readonly pending: number
  /** When the service last said that nothing is missing, in ms. */
  readonly lastSynced?: number | undefined
  readonly error?: SyncError | undefined
}

export interface Shown {
  readonly text: string | undefined
  readonly value: unknown
  /** The schema refuses the value, which is not shown. */
  readonly issues?: readonly { readonly message: string }[] | undefined
}

export interface ReplicaOptions {
  readonly schemas?: Schemas | undefined
  /** Makes a value of an earlier version of the application one that the schema takes. */
  readonly migrate?: ((key: string, value: unknown) => unknown) | undefined
}

/** In place of the id of an identity that is not known yet: at the first start. */
export const UNKNOWN = 'new'

/** Where the storage has the entries of a dataset. */
export const prefixOf = (scope: string, name: string): string => `${scope}/${name}/`

const META = 'm'
const BASE = 'b/'
const INTENT = 'i/'

export class Replica {
  readonly name: string
  readonly options: ReplicaOptions = {}
  readonly rules: Rules
  state: State = emptyState()
  status: DatasetStatus = { state: 'starting', pending: 0 }
  readonly listeners = new Set<(keys: ReadonlySet<string>) => void>()
  readonly watchers = new Set<() => void>()
  /** As listeners were told last. */
  #texts = new Map<string, string | undefined>()
  #shown = new Map<string, Shown>()
  #all: Readonly<Record<string, unknown>> | undefined

  constructor(name: string, rules: Rules) {
    this.name = name
    this.rules = rules
  }

  /** Carries a delta out and tells the listeners. */
  apply(delta: Delta): void {
    this.changed(apply(this.state, delta))
  }

  /** Takes another state in place of this one. */
  replace(state: State): void {
    const old = this.state
    this.state = state
    this.changed(new Set([...[old, state].flatMap(({ base, outbox }) => [...base.keys(), ...outbox.keys()])]))
  }

  /** Tells of those of these keys that look different now. */
  private changed(touched: ReadonlySet<string>): void {
    const different = new Set<string>()
    for (const key of touched) {
      const text = seen(this.state, key)
      if (key.startsWith(OWN) || this.#texts.get(key) === text) continue
      this.#texts.set(key, text)
      this.#shown.delete(key)
      different.add(key)
    }
    if (different.size > 0) {
      this.#all = undefined
      tell(this.listeners, different)
    }
    this.setStatus({})
  }

  setStatus(change: Partial<DatasetStatus>): void {
    const status = { ...this.status, ...change, pending: unsent(this.state).length }
    const now = this.status as unknown as Record<string, unknown>
    if (Object.entries(status).every(([name, value]) => now[name] === value)) return
    this.status = status
    tell(this.watchers)
  }

  /** What the user sees at a key; the same object until it changes. */
  shown(key: string): Shown {
    let shown = this.#shown.get(key)
    if (!shown) {
      shown = this.#show(key, this.#texts.get(key))
      this.#shown.set(key, shown)
    }
    return shown
  }

  #show(key: string, text: string | undefined): Shown {
    if (text === undefined) return { text, value: undefined }
    const { schemas, migrate } = this.options
    const value = decode(text)
    try {
      let result = validate(schemas, key, value)
      if (result.issues && migrate) result = validate(schemas, key, migrate(key, value))
      return result.issues ? { text, value: undefined, issues: result.issues } : { text, value: result.value }
    } catch (error) {
      // Others may write what a schema or a migration was never meant for.
      return { text, value: undefined, issues: [{ message: String(error) }] }
    }
  }

  /** Keys that have a value, valid or not. */
  keys(): string[] {
    const { base, outbox } = this.state
    return [...new Set([...base.keys(), ...outbox.keys()])]
      .filter((key) => !key.startsWith(OWN) && this.shown(key).text !== undefined)
      .sort()
  }

  /** All valid values; the same object until one changes. */
  all(): Readonly<Record<string, unknown>> {
    this.#all ??= Object.fromEntries(
      this.keys().flatMap((key) => {
        const { value } = this.shown(key)
        return value === undefined ? [] : [[key, value]]
      }),
    )
    return this.#all
  }
}

/** A state from the entries of the storage. What is broken, or of a later version, is left out, and asked of the service anew. */
export function stateOf(entries: ReadonlyMap<string, unknown>, prefix: string): State {
  const state = emptyState()
  const base: [string, Known][] = []
  const add: Intent[] = []
  let isBroken = false
  for (const [entry, value] of entries) {
    const key = entry.slice(prefix.length)
    const { count, pushes, op } = Object(value) as Partial<Meta & Intent>
    if (key.startsWith(INTENT)) {
      if (/^(set|delete|add|insert|drop)$/.test(op ?? '')) add.push(value as Intent)
    } else if (typeof count !== 'number') isBroken = true
    else if (key.startsWith(BASE)) base.push([key.slice(BASE.length), value as Known])
    else if (typeof pushes === 'number') state.meta = value as Meta
  }
  apply(state, { base, add, ...(isBroken && { meta: { count: 0 } }) })
  return state
}

/** What a delta changes in the storage. To be called before it is carried out; the meta data follow by `metaEntry`. */
export function entriesOf({ base: old }: State, prefix: string, { reset, base = [], remove = [], add = [] }: Delta) {
  const changes = new Map<string, unknown>()
  if (reset) for (const key of old.keys()) changes.set(prefix + BASE + key, undefined)
  for (const [key, record] of base) changes.set(prefix + BASE + key, record)
  for (const id of remove) changes.set(prefix + INTENT + id, undefined)
  for (const intent of add) changes.set(prefix + INTENT + intent.id, intent)
  return changes
}

export const metaEntry = (prefix: string, { meta }: State): [string, Meta] => [prefix + META, meta]

/** All of a state, added to other changes. */
export function everyEntry(state: State, prefix: string, changes: Map<string, unknown>): Map<string, unknown> {
  const all = entriesOf(state, prefix, { base: [...state.base], add: unsent(state) }).set(...metaEntry(prefix, state))
  return new Map([...all, ...changes])
}
