// The event of a SyncTrigger and what its answer changes (docs/reference/identity-pools-sts-iam-sync.md 21.3). Pure.

/** A change of a record that is about to be written; without a value it removes the record. */
export interface PendingChange {
  readonly key: string
  readonly value: string | undefined
}

export interface SyncOccasion {
  readonly region: string
  readonly identityPoolId: string
  readonly identityId: string
  readonly datasetName: string
}

interface EventRecord {
  readonly oldValue: string | null
  readonly newValue: string | null
  /** Absent of a record that the change does not touch. */
  readonly op?: 'replace' | 'remove'
}

export interface SyncEvent extends SyncOccasion {
  readonly version: 2
  readonly eventType: 'SyncTrigger'
  readonly datasetRecords: Readonly<Record<string, EventRecord>>
}

/** The event about a dataset with the live records `stored` (values by key) and what is to change. */
export function syncEvent(
  occasion: SyncOccasion,
  stored: ReadonlyMap<string, string>,
  pending: readonly PendingChange[],
): SyncEvent {
  const records = new Map<string, EventRecord>()
  for (const [key, value] of stored) records.set(key, { oldValue: value, newValue: value })
  for (const { key, value } of pending)
    records.set(key, {
      oldValue: stored.get(key) ?? null,
      newValue: value ?? null,
      op: value === undefined ? 'remove' : 'replace',
    })
  return { version: 2, eventType: 'SyncTrigger', ...occasion, datasetRecords: Object.fromEntries(records) }
}

export interface SyncDecision {
  /** What is to be written: of the pending changes those that the function left in, and what it added. */
  readonly changes: readonly PendingChange[]
  /** Keys of pending changes that the function left out: their records stay as they are. */
  readonly kept: readonly string[]
}

const READ_ONLY = ['version', 'eventType', 'region', 'identityPoolId', 'identityId', 'datasetName'] as const

/** What the function's answer, a JSON text, decides; or what is wrong with it. */
export function readDecision(
  event: SyncEvent,
  answer: string,
  stored: ReadonlyMap<string, string>,
  pending: readonly PendingChange[],
): SyncDecision | { readonly problem: string } {
  const returned = parsed(answer)
  if (!isObject(returned)) return { problem: 'it is not the event' }
  const changed = READ_ONLY.find((name) => returned[name] !== event[name])
  if (changed !== undefined) return { problem: `${changed} is not as it was` }
  const records = returned['datasetRecords']
  if (!isObject(records)) return { problem: 'datasetRecords is no object' }
  const touched = new Set(pending.map(({ key }) => key))
  const changes: PendingChange[] = []
  for (const [key, record] of Object.entries(records)) {
    const value = decidedValue(record)
    if (value === INVALID || !isKey(key)) return { problem: `the record '${key.slice(0, 64)}' has another form` }
    if (touched.has(key) || value !== stored.get(key)) changes.push({ key, value })
  }
  const kept = pending.filter(({ key }) => !Object.hasOwn(records, key)).map(({ key }) => key)
  return { changes, kept }
}

const INVALID = Symbol('no record')

/** The value that a record of the answer shall have; undefined when it shall be removed. */
function decidedValue(record: unknown): string | undefined | typeof INVALID {
  if (record === null) return undefined
  if (!isObject(record)) return INVALID
  const { op = null, newValue = null } = record
  if (op === 'remove') return undefined
  if (op !== 'replace' && op !== null && op !== '') return INVALID
  if (newValue === null) return undefined
  return typeof newValue === 'string' && newValue.length <= LONGEST_VALUE && isStorable(newValue) ? newValue : INVALID
}

/** Half a surrogate pair has no UTF-8: stored, the text would be another one. */
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

/** As UpdateRecords takes keys and values (records/patch-rules.ts). */
const LONGEST_VALUE = 1_048_575
const LONGEST_KEY_BYTES = 1024
const isKey = (key: string): boolean => key !== '' && Buffer.byteLength(key) <= LONGEST_KEY_BYTES && isStorable(key)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
