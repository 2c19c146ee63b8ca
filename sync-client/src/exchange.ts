// How a device and the server come together: pushes, pulls, conflicts, guests' datasets. Pure, as the engine is.
// Server's rules: docs/reference/identity-pools-sts-iam-sync.md 20. A push is applied whole or not at all.
import {
  type Delta,
  difference,
  fold,
  type Intent,
  type Known,
  layers,
  type Op,
  OWN,
  type Rules,
  type State,
  unsent,
} from './engine.ts'
import { merge3 } from './merge3.ts'
import { decode, encode } from './values.ts'

/** Records of devices and of guests' datasets are removed after half a year. */
const MARKS_LIVE_MS = 180 * 86_400_000

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
  const intents = unsent(state)
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
