// The engine: what a device knows of a dataset, and how that changes. Pure: no clock, random, storage or network. A state is
// the base (records as the server has them) and the outbox (intents: what the user did since); what is seen is the base with
// the intents carried out on it. Each function returns a Delta, which is stored, told to other tabs and applied alike.
//
// Server's rules: docs/reference/identity-pools-sts-iam-sync.md 20. A push is applied whole or not at all.
import { decode, encode, merge3, same } from './values.ts'

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
const MARKS_LIVE_MS = 180 * 86_400_000

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

/** What intents make of a stored text. */
function fold(text: string | undefined, intents: readonly Intent[]): string | undefined {
  let value = text
  for (const intent of intents) {
    if (intent.op === 'set') value = intent.value
    else if (intent.op === 'delete') value = undefined
    else if (intent.op === 'add') value = encode((Number(decode(value)) || 0) + intent.by)
    else {
      const items = itemsOf(decode(value)).filter((item) => !same(item, intent.item))
      value = encode(intent.op === 'insert' ? [...items, intent.item] : items)
    }
  }
  return value
}

const itemsOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** The intents of a key: those of the push under way, and those after it. */
function layers({ meta, outbox }: State, key: string): [sent: Intent[], unsent: Intent[]] {
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
    const by = after - (Number(before) || 0)
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

// A push

export interface Patch {
  readonly key: string
  readonly value: string | undefined
  readonly count: number
  readonly at: number
  /** It must not pass for another device's change that leads to the same value: two increments of 2 to 3 make 4. */
  readonly word?: string | undefined
}

/** Begins a push of all that is unsent; undefined when nothing is. To be stored before it is sent. */
export function begin(state: State, rules: Rules): Delta | undefined {
  if (state.meta.sent) return {}
  const intents = [...state.outbox.values()].flat()
  if (intents.length === 0) return undefined
  const id = state.meta.pushes + 1
  const mark = intents.every((intent) => isRepeatable(intent, rules))
    ? undefined
    : { key: OWN + rules.device, value: `${id}` }
  return { meta: { pushes: id, sent: { id, ids: intents.map((intent) => intent.id), ...(mark && { mark }) } } }
}

/** Whether a plain value is there, the value says; twice the same increment is another matter. */
function isRepeatable({ op, key }: Intent, rules: Rules): boolean {
  const strategy = rules.strategy(key)
  return (op === 'set' || op === 'delete') && typeof strategy === 'string' && strategy !== 'merge'
}

/** What the push under way changes at the server now; nothing when the server has it all already. */
export function patches(state: State, now: number, rules: Rules): Patch[] {
  const { sent } = state.meta
  const found: Patch[] = []
  for (const key of state.outbox.keys()) {
    const [part] = layers(state, key)
    if (part.length === 0) continue
    const record = state.base.get(key)
    const value = fold(record?.value, part)
    const at = latest(part)
    // The same value with a later date is news to devices that have another one in between.
    const isNews = value !== record?.value || at > (record?.at ?? 0)
    const word = part.every((intent) => isRepeatable(intent, rules)) ? undefined : `${rules.device}.${sent?.id}`
    if (isNews) found.push({ key, value, count: record?.count ?? 0, at, word })
  }
  if (found.length === 0 || !sent?.mark) return found
  const { key, value } = sent.mark
  const old = [...state.base].filter(
    ([name, { value, at }]) => name.startsWith(OWN) && name !== key && value !== undefined && at < now - MARKS_LIVE_MS,
  )
  return [
    ...found,
    { key, value, count: state.base.get(key)?.count ?? 0, at: now },
    ...old.map(([name, { count }]) => ({ key: name, value: undefined, count, at: now })),
  ]
}

/** The end of a push: the server has its intents, or never gets them. */
export const settled = ({ meta }: State): Delta => ({ remove: meta.sent?.ids ?? [], meta: { sent: undefined } })

/** A push was refused, and will never be applied: its intents are as any that are unsent. What was taken over begins anew. */
export const refused = (state: State): Delta =>
  state.meta.sent?.mark?.exclusive ? settled(state) : { meta: { sent: undefined } }

/**
 * A push was applied, and these records are as it left them. The count of the dataset is known when nobody else pushed in
 * between; otherwise the next pull tells.
 */
export function acknowledged(
  state: State,
  pushed: readonly Patch[],
  records: ReadonlyMap<string, Known>,
  device: string,
): Delta {
  const count = Math.max(0, ...[...records.values()].map((record) => record.count))
  const base = [...records]
  for (const { key, value, at } of pushed) if (!records.has(key)) base.push([key, { value, count, at, by: device }])
  return { ...settled(state), base, meta: { sent: undefined, ...(count === state.meta.count + 1 && { count }) } }
}

// A pull

export interface Pulled {
  readonly count: number
  readonly records: ReadonlyMap<string, Known>
  /** The records are all that the dataset has. */
  readonly whole: boolean
}

const NOTHING: Known = { count: 0, at: 0, by: '' }

/** What the server says, under the intents: they stay, go or change as the rules of conflicts say. */
export function rebase(state: State, { count, records, whole }: Pulled, rules: Rules): Delta {
  const { base, meta, outbox } = state
  const fresh = new Map<string, Known>()
  for (const [key, record] of records) if (whole || record.count > (base.get(key)?.count ?? 0)) fresh.set(key, record)
  const now = (key: string): Known => fresh.get(key) ?? (whole ? undefined : base.get(key)) ?? NOTHING
  const remove: string[] = []
  const add: Intent[] = []
  const { mark } = meta.sent ?? {}
  const marked = mark && now(mark.key).value
  const over = mark !== undefined && (mark.exclusive ? marked !== undefined : marked === mark.value)
  let sentLeft = 0
  for (const key of outbox.keys()) {
    let before = base.get(key)?.value
    let after: Known = now(key)
    layers(state, key).forEach((part, layer) => {
      if (part.length === 0) return
      const local = fold(before, part)
      const kept = layer === 0 && over ? [] : reconcile(key, part, before, local, after, rules)
      for (const intent of part) if (!kept.some(({ id }) => id === intent.id)) remove.push(intent.id)
      for (const intent of kept) if (!part.includes(intent)) add.push(intent)
      if (layer === 0) sentLeft += kept.length
      before = local
      if (kept.length > 0) after = { ...after, value: fold(after.value, kept), at: latest(kept), by: rules.device }
    })
  }
  return {
    reset: whole,
    base: [...fresh],
    remove,
    add,
    meta: { count, ...(meta.sent && sentLeft === 0 && { sent: undefined }) },
  }
}

const latest = (intents: readonly Intent[]): number => Math.max(...intents.map(({ at }) => at))

/** What is left of the intents of a key whose parent was `before` and is `remote`. */
function reconcile(
  key: string,
  part: readonly Intent[],
  before: string | undefined,
  local: string | undefined,
  remote: Known,
  rules: Rules,
): readonly Intent[] {
  if (!part.some(({ op }) => op === 'set' || op === 'delete')) return part
  const at = latest(part)
  const chosen = choose(key, before, local, at, remote, rules)
  if (chosen === LOCAL) return part
  if (chosen.value === remote.value) return []
  const { id } = part.at(-1) as Intent
  const op: Op = chosen.value === undefined ? { op: 'delete' } : { op: 'set', value: chosen.value }
  return [{ id, key, at: Math.max(at, remote.at + 1), ...op }]
}

const LOCAL = { value: undefined }

/** What a key is to be after two changes: LOCAL, if the local one can stay as it is, or a text. */
function choose(
  key: string,
  before: string | undefined,
  local: string | undefined,
  at: number,
  remote: Known,
  rules: Rules,
): { readonly value?: string | undefined } {
  const strategy = rules.strategy(key)
  const later = at > remote.at || (at === remote.at && rules.device > remote.by)
  const byDate = strategy === 'last' || strategy === 'counter' || strategy === 'set'
  // Nothing to decide: nobody changed it, or both to the same. A later date counts in any case.
  if (before === remote.value && !(byDate && !later)) return LOCAL
  if (local === remote.value) return later ? LOCAL : remote
  const conflict = { key, base: decode(before), local: decode(local), remote: decode(remote.value) }
  let value = local
  if (typeof strategy === 'function') value = encode(strategy(conflict))
  else if (strategy === 'merge')
    value = encode(merge3(conflict.base, conflict.local, conflict.remote, later ? 'local' : 'remote'))
  else if (strategy === 'server' || (byDate && !later)) value = remote.value
  rules.onConflict?.({ ...conflict, value: decode(value) })
  return value === local && later ? LOCAL : { value }
}

// A guest's dataset that the identity of a sign-in takes over (reference 20.5)

/**
 * The records of a merged dataset as a push of their own, by the rules of conflicts: counters add up, sets unite, otherwise
 * the guest's value is the local side. Only with an empty outbox. Of several devices one does it: the record `mark` is there
 * once. `nextId` makes ids of intents.
 */
export function adopt(
  { base, meta }: State,
  name: string,
  records: ReadonlyMap<string, Known>,
  rules: Rules,
  nextId: () => string,
): Delta {
  const add: Intent[] = []
  for (const [key, { value, at, by }] of records) {
    if (value === undefined || key.startsWith(OWN)) continue
    const strategy = rules.strategy(key)
    const guest = decode(value)
    const remote = base.get(key) ?? NOTHING
    const addsUp = (strategy === 'counter' && typeof guest === 'number') || (strategy === 'set' && Array.isArray(guest))
    let ops: Op[] = []
    if (addsUp && remote.value !== undefined) ops = difference(undefined, guest, strategy)
    else {
      const chosen =
        remote.value === undefined ? LOCAL : choose(key, undefined, value, at, remote, { ...rules, device: by })
      const wanted = chosen === LOCAL ? value : chosen.value
      if (wanted !== remote.value) ops = [wanted === undefined ? { op: 'delete' } : { op: 'set', value: wanted }]
    }
    for (const op of ops) add.push({ id: nextId(), key, at: Math.max(at, remote.at + 1), ...op })
  }
  const id = meta.pushes + 1
  const mark = { key: OWN + name, value: rules.device, exclusive: true }
  return { add, meta: { pushes: id, sent: { id, ids: add.map((intent) => intent.id), mark } } }
}

/** The guard of a merged dataset is there: some device has taken the dataset over, which can be deleted. */
export const isAdopted = ({ base }: State, name: string): boolean => base.get(OWN + name)?.value !== undefined
