// What a push makes of a dataset (docs/reference/identity-pools-sts-iam-sync.md 20.3, docs/behaviour/sync.md). Pure.
import type { SyncLimits } from '../../config/groups/sync.ts'
import type { RecordPatch } from '../../contract/cognito-sync.types.ts'
import type { Dataset } from '../../datasets/dataset-store.ts'
import type { DatasetRecord } from '../../datasets/record-store.ts'
import type { Refusal } from '../../refusal-rules.ts'

/** A dataset with all its records and tombstones that a push is about. */
export interface PushedTo {
  readonly dataset: Dataset
  readonly stored: ReadonlyMap<string, DatasetRecord>
}

/** Who pushes, and when (epoch milliseconds). */
export interface Pushing {
  readonly modifiedBy: string
  readonly now: number
}

/** What a push changes: the dataset's row as it shall be, and the records that it changes. */
export interface Push {
  readonly dataset: Dataset
  readonly records: readonly DatasetRecord[]
}

/**
 * Refuses patches that rest on another count than a record has now and would change its value. A removed key counts as one
 * that never was, too: a device that never saw it knows no count of it.
 */
export function conflictRefusal(
  { stored }: PushedTo,
  patches: readonly RecordPatch[],
): Refusal<'ResourceConflictException'> | undefined {
  for (const { Op, Key, Value, SyncCount } of patches) {
    const record = stored.get(Key)
    const current = record?.syncCount ?? 0
    const isKnown = SyncCount === current || (SyncCount === 0 && record?.value === undefined)
    const changes = record?.value !== (Op === 'remove' ? undefined : Value)
    if (!isKnown && changes)
      return {
        refused: 'ResourceConflictException',
        message: `Current SyncCount for: ${Key} is: ${current} not: ${SyncCount}`,
      }
  }
  return undefined
}

/** The dataset with the patches applied. The count rises by one, however many records change. */
export function applyPatches(
  { dataset, stored }: PushedTo,
  patches: readonly RecordPatch[],
  { modifiedBy, now }: Pushing,
): Push {
  const syncCount = dataset.syncCount + 1
  const records = patches.map(({ Op, Key, Value, DeviceLastModifiedDate }) => ({
    key: Key,
    value: Op === 'remove' ? undefined : Value,
    syncCount,
    updatedAt: now,
    modifiedBy,
    deviceUpdatedAt: DeviceLastModifiedDate?.getTime(),
  }))
  let { storage, recordCount, tombstoneCount } = dataset
  for (const record of records) {
    const before = stored.get(record.key)
    storage += bytesOf(record) - bytesOf(before)
    recordCount += countOf(record.value !== undefined) - countOf(before?.value !== undefined)
    tombstoneCount += countOf(record.value === undefined) - countOf(before !== undefined && before.value === undefined)
  }
  return {
    dataset: { ...dataset, syncCount, updatedAt: now, modifiedBy, storage, recordCount, tombstoneCount },
    records,
  }
}

const countOf = (is: boolean): number => (is ? 1 : 0)

/** UTF-8 bytes of key and value, which is what counts as storage; none for a tombstone. */
const bytesOf = (record: DatasetRecord | undefined): number =>
  record?.value === undefined ? 0 : Buffer.byteLength(record.key) + Buffer.byteLength(record.value)

/** Refuses a push that makes a dataset larger than it may be; one that is too large already may shrink. */
export function sizeRefusal(
  before: Dataset,
  after: Dataset,
  { records, bytes }: SyncLimits,
): Refusal<'LimitExceededException'> | undefined {
  const refused = (message: string): Refusal<'LimitExceededException'> => ({
    refused: 'LimitExceededException',
    message,
  })
  if (after.recordCount > records && after.recordCount > before.recordCount)
    return refused(`A dataset can not have more than ${records} records.`)
  if (after.storage > bytes && after.storage > before.storage)
    return refused(`A dataset can not have more than ${bytes} bytes.`)
  return undefined
}

/**
 * The count up to which a dataset forgets its tombstones when it has more than `max`: so that half of `max` stay, or those of
 * this push. `counts`: of its tombstones before the push. Devices that know no later count must begin anew, as they would
 * never learn that the keys were removed.
 */
export function forgetTombstones(
  { dataset, records }: Push,
  { stored }: PushedTo,
  counts: readonly number[],
  max: number,
): { upTo: number; dataset: Dataset } | undefined {
  if (dataset.tombstoneCount <= max) return undefined
  const left = [...counts]
  for (const { key } of records) {
    const before = stored.get(key)
    if (before && before.value === undefined) left.splice(left.indexOf(before.syncCount), 1)
  }
  const last = left.sort((a, b) => a - b)[Math.min(left.length, dataset.tombstoneCount - Math.floor(max / 2)) - 1]
  if (last === undefined) return undefined
  const tombstoneCount = dataset.tombstoneCount - left.filter((count) => count <= last).length
  const deletedSyncCount = Math.max(dataset.deletedSyncCount, last)
  return { upTo: last, dataset: { ...dataset, tombstoneCount, deletedSyncCount } }
}
