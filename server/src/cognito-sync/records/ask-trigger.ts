// What the SyncTrigger of a pool makes of a push.
import type { Context } from '../../context.ts'
import type { RecordPatch } from '../../contract/cognito-sync.types.ts'
import type { Dataset } from '../../datasets/dataset-store.ts'
import type { DatasetRecord } from '../../datasets/record-store.ts'
import { allRecords } from '../all-records.ts'
import { askSyncTrigger } from '../events/sync-trigger.ts'

export interface AskedPush {
  /** What is to be written in place of the client's patches. */
  readonly patches: readonly RecordPatch[]
  /** All records and tombstones of the dataset. */
  readonly stored: ReadonlyMap<string, DatasetRecord>
  /** Of the client's patches those that the function left out: the records as they stay. */
  readonly kept: readonly DatasetRecord[]
}

/** Asks the function at `arn` about patches of a dataset. Throws as askSyncTrigger does. */
export async function askTrigger(
  context: Context,
  arn: string,
  dataset: Dataset,
  patches: readonly RecordPatch[],
): Promise<AskedPush> {
  const { poolId, identityId, name } = dataset
  const records = await allRecords(context.db, dataset, false)
  const stored = new Map(records.map((record) => [record.key, record]))
  const values = new Map(records.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value] as const])))
  const pending = patches.map(({ Op, Key, Value }) => ({ key: Key, value: Op === 'remove' ? undefined : Value }))
  const [region = ''] = poolId.split(':')
  const occasion = { region, identityPoolId: poolId, identityId, datasetName: name }
  const { changes, kept } = await askSyncTrigger(context, arn, occasion, values, pending)
  const asked = new Map(patches.map((patch) => [patch.Key, patch]))
  return {
    stored,
    patches: changes.map(({ key, value }) => ({
      Op: value === undefined ? 'remove' : 'replace',
      Key: key,
      ...(value !== undefined && { Value: value }),
      SyncCount: stored.get(key)?.syncCount ?? 0,
      ...(asked.get(key)?.DeviceLastModifiedDate && {
        DeviceLastModifiedDate: asked.get(key)?.DeviceLastModifiedDate as Date,
      }),
    })),
    kept: kept.map((key) => stored.get(key) ?? neverThere(key, dataset)),
  }
}

/** A client that pushed a record which is not there drops it: it is told of a removed one. */
const neverThere = (key: string, { updatedAt, modifiedBy }: Dataset): DatasetRecord => ({
  key,
  value: undefined,
  syncCount: 0,
  updatedAt,
  modifiedBy,
  deviceUpdatedAt: undefined,
})
