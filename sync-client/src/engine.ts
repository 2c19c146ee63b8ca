// The engine: what a device knows of a dataset, and how that changes. Pure: no clock, random, storage or network. A state is
// the base (records as the server has them) and the outbox (intents: what the user did since); what is seen is the base with
// the intents carried out on it. Each function returns a Delta, which is stored and applied alike. How a state and the
// server's come together is in exchange.ts.
//
// Server's rules: docs/reference/identity-pools-sts-iam-sync.md 20. A push is applied whole or not at all.
import { decode, encode, numberOf, same } from './values.ts'

/** A record of the server. Without `value` it is removed. `at`: ms of the change by the device's clock; `by`: the device. */
export interface Known {
  readonly value?: string | undefined
  readonly count: number
  readonly at: number
  readonly by: string
}

export type Op =
  | { readonly op: 'set'; readonly value: string }
  | { readonly op: 'delete' }
  | { readonly op: 'add'; readonly by: number }
  | { readonly op: 'insert' | 'drop'; readonly item: unknown }

/** What the user did to a key, to be carried out on whatever the server says in the meantime. */
export type Intent = Op & { readonly id: string; readonly key: string; readonly at: number }

/**
 * A push that was begun and whose answer is not known. Its intents stay together under one id until the server is known to
 * have them. `mark` is a record that is pushed with them: whether it is there says whether the push was applied, also when
 * another device has written over the rest since. An `exclusive` one is written by the first of several devices only.
 */
export interface Sent {
  readonly id: number
  readonly ids: readonly string[]
  readonly mark?: { readonly key: string; readonly value: string; readonly exclusive?: boolean }
}

export interface Meta {
  /** The count of the dataset that the base is as of. */
  readonly count: number
  /** Pushes that this device has begun. */
  readonly pushes: number
  readonly sent?: Sent | undefined
}

export interface State {
  meta: Meta
  readonly base: Map<string, Known>
  /** Intents by key, in order. */
  readonly outbox: Map<string, Intent[]>
}

export interface Delta {
  /** Forgets the base first. */
  readonly reset?: boolean
  readonly meta?: Partial<Meta>
  readonly base?: readonly (readonly [key: string, record: Known])[]
  /** Ids of intents. Removed before `add` adds or replaces. */
  readonly remove?: readonly string[]
  readonly add?: readonly Intent[]
}

export interface Conflict {
  readonly key: string
  /** What this device knew of the server before. */
  readonly base: unknown
  readonly local: unknown
  readonly remote: unknown
}

/**
 * How an unsent `set` or `delete` meets a change of another device. Increments and changes of sets are carried out on the new
 * value whatever this says.
 * `last`: the later one by the devices' clocks; `merge`: members of objects one by one, the later one where both changed the
 * same; `counter` and `set`: as `last`, and `update` turns a difference into increments, or into items put in and taken out.
 */
export type Strategy = 'last' | 'server' | 'client' | 'merge' | 'counter' | 'set' | ((conflict: Conflict) => unknown)

export interface Rules {
  readonly device: string
  strategy(key: string): Strategy
  /** Told of each conflict, with what comes of it. */
  onConflict?(conflict: Conflict & { readonly value: unknown }): void
}

/** Records of the client itself: of devices, and of guests' datasets that were taken over. Not shown to the application. */
export const OWN = '_sync.'

export const emptyState = (): State => ({
  meta: { count: 0, pushes: 0 },
  base: new Map(),
  outbox: new Map(),
})

/** Carries a delta out. Returns the keys that may look different now. */
export function apply(state: State, { reset, meta, base = [], remove = [], add = [] }: Delta): Set<string> {
  const touched = new Set<string>()
  if (reset) {
    for (const key of state.base.keys()) touched.add(key)
    state.base.clear()
  }
  for (const [key, record] of base) {
    touched.add(key)
    state.base.set(key, record)
  }
  const gone = new Set(remove)
  if (gone.size > 0)
    for (const [key, intents] of state.outbox) {
      const left = intents.filter(({ id }) => !gone.has(id))
      if (left.length === intents.length) continue
      touched.add(key)
      if (left.length > 0) state.outbox.set(key, left)
      else state.outbox.delete(key)
    }
  for (const intent of add) {
    touched.add(intent.key)
    const others = (state.outbox.get(intent.key) ?? []).filter(({ id }) => id !== intent.id)
    state.outbox.set(
      intent.key,
      [...others, intent].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
    )
  }
  state.meta = { ...state.meta, ...meta }
  return touched
}

/** What the service does not have yet. */
export const unsent = ({ outbox }: State): Intent[] => [...outbox.values()].flat()

/** What intents make of a stored text. */
export function fold(text: string | undefined, intents: readonly Intent[]): string | undefined {
  let value = text
  for (const intent of intents) {
    if (intent.op === 'set') value = intent.value
    else if (intent.op === 'delete') value = undefined
    else if (intent.op === 'add') value = encode(numberOf(decode(value)) + intent.by)
    else {
      const items = itemsOf(decode(value)).filter((item) => !same(item, intent.item))
      value = encode(intent.op === 'insert' ? [...items, intent.item] : items)
    }
  }
  return value
}

const itemsOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** The intents of a key: those of the push under way, and those after it. */
export function layers({ meta, outbox }: State, key: string): [sent: Intent[], unsent: Intent[]] {
  const intents = outbox.get(key) ?? []
  const isSent = ({ id }: Intent) => meta.sent?.ids.includes(id) ?? false
  return [intents.filter(isSent), intents.filter((intent) => !isSent(intent))]
}

/** The text of a key as the user sees it. */
export const seen = (state: State, key: string): string | undefined =>
  fold(state.base.get(key)?.value, layers(state, key).flat())

/** A date for a new intent: later than everything that the user can have seen at the key, whatever the clock says. */
export const stamp = ({ base, outbox }: State, key: string, now: number): number =>
  Math.max(now, (base.get(key)?.at ?? 0) + 1, ...(outbox.get(key) ?? []).map(({ at }) => at + 1))

/** A new intent, in place of those unsent ones that it makes needless. For the leading tab only: it knows what was sent. */
export function edit(state: State, intent: Intent): Delta {
  const unsent = layers(state, intent.key)[1].filter(({ id }) => id !== intent.id)
  const last = unsent.at(-1)
  if (intent.op === 'add' && last?.op === 'add')
    return { remove: [last.id], add: [{ ...intent, by: intent.by + last.by }] }
  const needless = (other: Intent) =>
    intent.op === 'set' ||
    intent.op === 'delete' ||
    ('item' in intent && 'item' in other && same(intent.item, other.item))
  return { remove: unsent.filter(needless).map(({ id }) => id), add: [intent] }
}

/** The intents that make `after` of what is seen at a key: for counters and sets the difference, otherwise the value. */
export function difference(before: unknown, after: unknown, strategy: Strategy): Op[] {
  if (strategy === 'counter' && typeof after === 'number') {
    const by = after - numberOf(before)
    return by === 0 ? [] : [{ op: 'add', by }]
  }
  if (strategy === 'set' && Array.isArray(after)) {
    const old = itemsOf(before)
    const missing = (items: unknown[], from: unknown[]) =>
      items.filter((item) => !from.some((other) => same(item, other)))
    return [
      ...missing(old, after).map((item) => ({ op: 'drop' as const, item })),
      ...missing(after, old).map((item) => ({ op: 'insert' as const, item })),
    ]
  }
  const value = encode(after)
  return [value === undefined ? { op: 'delete' } : { op: 'set', value }]
}
