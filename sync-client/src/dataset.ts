// A dataset as the application uses it: reads at once, writes that are seen at once.
import { type Conflict, difference, type Op, OWN, seen } from './engine.ts'
import { SyncError } from './errors.ts'
import { tell } from './listeners.ts'
import type { DatasetStatus, Replica } from './replica.ts'
import { validate } from './schema.ts'
import { encode, numberOf, same } from './values.ts'

/** What the service takes (docs/reference/identity-pools-sts-iam-sync.md 19.3). */
export interface Limits {
  readonly recordsPerDataset: number
  /** UTF-8 bytes of all keys and values. */
  readonly bytesPerDataset: number
}

export type Unsubscribe = () => void

type Key<Values> = keyof Values & string
type Item<Value> = Value extends readonly (infer Element)[] ? Element : unknown

/** `Values`: the type of each key's value. */
export interface Dataset<Values = Record<string, unknown>> {
  readonly name: string
  /** What this device knows can be read. */
  readonly ready: Promise<void>
  readonly status: DatasetStatus
  get<K extends Key<Values>>(key: K): Values[K] | undefined
  /** All values, as one object that stays the same until one of them changes. */
  all(): Readonly<Partial<Values>>
  keys(): string[]
  /** Values that the schema refuses, which `get` and `all` leave out. */
  invalid(): ReadonlyMap<string, readonly { readonly message: string }[]>
  /** Throws ValidationError, LimitError, TypeError for what is no JSON. undefined deletes. */
  set<K extends Key<Values>>(key: K, value: Values[K] | undefined): void
  delete(key: Key<Values>): void
  /** Sets what the function makes of the value; of counters and sets only the difference. */
  update<K extends Key<Values>>(key: K, change: (value: Values[K] | undefined) => Values[K] | undefined): void
  /** Adds up, whatever other devices add at the same time. */
  increment(key: Key<Values>, by?: number): void
  /** Puts items into a list without doubles. */
  addTo<K extends Key<Values>>(key: K, ...items: Item<Values[K]>[]): void
  removeFrom<K extends Key<Values>>(key: K, ...items: Item<Values[K]>[]): void
  /** Listeners are told once, at the end. */
  batch(changes: () => void): void
  /** Deletes every key. */
  clear(): void
  /** With a key: called when its value changes. */
  subscribe(listener: (keys: ReadonlySet<string>) => void): Unsubscribe
  subscribe(key: Key<Values>, listener: () => void): Unsubscribe
  /** Called when `status` changes. */
  watch(listener: () => void): Unsubscribe
  /** Called when a change of another device met one of this device, with what came of it. In the leading tab. */
  onConflict(listener: (conflict: Conflict & { readonly value: unknown }) => void): Unsubscribe
  /** Resolves when the changes so far are safe on this device. Rejects when the storage does not take them. */
  saved(): Promise<void>
  /** Resolves when the service has all changes. Rejects when it cannot be reached or refuses. */
  flush(): Promise<void>
  /** Asks the service for changes. Otherwise as `flush`. */
  refresh(): Promise<void>
}

/** What a dataset needs of its client. */
export interface Host {
  readonly limits: Limits
  write(name: string, key: string, ops: readonly Op[]): void
  saved(name: string): Promise<void>
  flush(name: string): Promise<void>
  refresh(name: string): Promise<void>
}

const NAME = /^[\w.:-]{1,128}$/
const MAX_VALUE_CHARACTERS = 1_048_575

const size = (text: string): number => new TextEncoder().encode(text).length

const on = <T>(listeners: Set<T>, listener: T): Unsubscribe => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Throws LimitError for what no dataset can be called. */
export function checkName(name: string): void {
  if (!NAME.test(name) || /^\.\.?$/.test(name))
    throw new SyncError('LimitError', `${name}: A name has 1 to 128 of a-z A-Z 0-9 _ . : -`)
}

export function makeDataset(
  replica: Replica,
  host: Host,
  ready: Promise<void>,
  conflicts: Set<(conflict: Conflict & { readonly value: unknown }) => void>,
): Dataset {
  let batch: Set<string> | undefined
  const listeners = new Set<(keys: ReadonlySet<string>) => void>()
  replica.listeners.add((keys) => {
    if (batch) for (const key of keys) batch.add(key)
    else tell(listeners, keys)
  })

  /** Throws LimitError for what the service would refuse for ever. */
  function check(key: string, text: string): void {
    const require = (holds: boolean, rule: string) => {
      if (!holds) throw new SyncError('LimitError', `${key}: ${rule}`, { key })
    }
    require(NAME.test(key) && !key.startsWith(OWN), 'A key has 1 to 128 of a-z A-Z 0-9 _ . : -')
    require(text.length <= MAX_VALUE_CHARACTERS, `A value has at most ${MAX_VALUE_CHARACTERS} characters.`)
    const { recordsPerDataset, bytesPerDataset } = host.limits
    const others = replica.keys().filter((other) => other !== key)
    const sizeAt = (at: string): number => size(at + replica.shown(at).text)
    const bytes = others.reduce((sum, other) => sum + sizeAt(other), size(key + text))
    // One that is too large already, as others made it, may shrink.
    const isNew = replica.shown(key).text === undefined
    require(!isNew || others.length < recordsPerDataset, `A dataset has at most ${recordsPerDataset} records.`)
    require(bytes <= bytesPerDataset ||
      (!isNew && size(key + text) <= sizeAt(key)), `A dataset has at most ${bytesPerDataset} bytes.`)
  }

  /** `value` as it will be seen, validated; `ops` are what leads there. */
  function put(key: string, value: unknown, ops: (valid: unknown) => readonly Op[]): void {
    let valid = value
    if (value !== undefined) {
      const result = validate(replica.options.schemas, key, value)
      const { issues } = result
      if (issues)
        throw new SyncError('ValidationError', `${key}: ${issues.map(({ message }) => message).join('; ')}`, {
          key,
          issues,
        })
      valid = result.value
      check(key, encode(valid) as string)
    }
    if (encode(valid) === seen(replica.state, key)) return
    // As they are now, and as plain objects: storages take no proxies.
    const list: Op[] = JSON.parse(JSON.stringify(ops(valid)))
    if (list.length > 0) host.write(replica.name, key, list)
  }

  const set = (key: string, value: unknown) => put(key, value, (valid) => difference(undefined, valid, 'last'))
  const get = (key: string): unknown => replica.shown(key).value
  const items = (key: string): unknown[] => {
    const value = get(key)
    return Array.isArray(value) ? value : []
  }
  const change =
    (op: 'insert' | 'drop') =>
    (key: string, ...changed: unknown[]) => {
      const without = items(key).filter((item) => !changed.some((other) => same(item, other)))
      if (op === 'drop' && without.length === items(key).length) return
      put(key, op === 'insert' ? [...without, ...changed] : without, () => changed.map((item) => ({ op, item })))
    }

  const dataset: Dataset = {
    name: replica.name,
    ready,
    get status() {
      return replica.status
    },
    get,
    all: () => replica.all(),
    keys: () => replica.keys(),
    invalid: () =>
      new Map(
        replica.keys().flatMap((key) => {
          const { issues } = replica.shown(key)
          return issues ? [[key, issues]] : []
        }),
      ),
    set,
    delete: (key) => set(key, undefined),
    update(key, make) {
      const before = get(key)
      put(key, make(before), (after) => difference(before, after, replica.rules.strategy(key)))
    },
    increment(key, by = 1) {
      if (!Number.isFinite(by)) throw new TypeError(`${key}: ${by} is no number to add.`)
      put(key, numberOf(get(key)) + by, () => [{ op: 'add', by }])
    },
    addTo: change('insert'),
    removeFrom: change('drop'),
    batch(changes) {
      if (batch) return changes()
      batch = new Set()
      try {
        changes()
      } finally {
        const keys = batch
        batch = undefined
        if (keys.size > 0) tell(listeners, keys)
      }
    },
    clear: () => dataset.batch(() => replica.keys().forEach(dataset.delete)),
    subscribe: (keyOrListener: unknown, listener?: () => void) =>
      on(
        listeners,
        typeof keyOrListener === 'string'
          ? (keys: ReadonlySet<string>) => {
              if (keys.has(keyOrListener)) listener?.()
            }
          : (keyOrListener as () => void),
      ),
    watch: (listener) => on(replica.watchers, listener),
    onConflict: (listener) => on(conflicts, listener),
    saved: () => host.saved(replica.name),
    flush: () => host.flush(replica.name),
    refresh: () => host.refresh(replica.name),
  }
  return dataset
}
