// What a device is told that asks for what has changed since a count (docs/reference/identity-pools-sts-iam-sync.md 20.2,
// docs/behaviour/sync.md). Pure.
import type { Dataset } from '../../datasets/dataset-store.ts'
import type { DatasetRecord } from '../../datasets/record-store.ts'
import { limits } from '../limits.ts'

/**
 * Whether a device that knows the count `since` must forget what it knows and begin with 0: the dataset was deleted, or forgot
 * tombstones, after that; or has never had that count, as after a database was restored.
 */
export const mustBeginAnew = (dataset: Dataset | undefined, since: number): boolean =>
  since > 0 && (since < (dataset?.deletedSyncCount ?? 0) || since > (dataset?.syncCount ?? 0))

/** The first records of those that were read which make a page: so many, and so many bytes, but one at least. */
export function firstPage(records: readonly DatasetRecord[], size: number): readonly DatasetRecord[] {
  let bytes = 0
  const end = records.findIndex(({ key, value = '' }, at) => {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value)
    return at === size || (at > 0 && bytes > limits.pageBytes.max)
  })
  return end < 0 ? records : records.slice(0, end)
}
