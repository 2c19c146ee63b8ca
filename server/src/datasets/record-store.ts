// Every statement on the table of records. The caller holds the dataset's row: whoever writes records has compared and raised
// its count in the same transaction.
import type { Db } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { insertStatement, paddedKeys, statement } from '../database/statement.ts'
import type { Dataset } from './dataset-store.ts'

/** A record, or the tombstone of a removed key (docs/reference/identity-pools-sts-iam-sync.md 20.1). */
export interface DatasetRecord {
  readonly key: string
  /** Undefined for a tombstone. */
  readonly value: string | undefined
  /** The dataset's at the record's last change. */
  readonly syncCount: number
  /** Epoch milliseconds. */
  readonly updatedAt: number
  /** The id of a device, or of the identity. */
  readonly modifiedBy: string
  /** Epoch milliseconds by the device's clock, if it said so. */
  readonly deviceUpdatedAt: number | undefined
}

/** Where the records of a dataset are. */
export type RecordsHome = Pick<Dataset, 'homeId' | 'datasetId'>

type Row = Schema['sync_records']

const recordFromRow = (row: Row): DatasetRecord => ({
  key: row.record_key,
  value: row.value ?? undefined,
  syncCount: row.sync_count,
  updatedAt: row.updated_at,
  modifiedBy: row.modified_by,
  deviceUpdatedAt: row.device_updated_at ?? undefined,
})

const recordsByKeys = statement((db, homeId: string, datasetId: string, ...keys: string[]) =>
  db
    .selectFrom('sync_records')
    .selectAll()
    .where('home_id', '=', homeId)
    .where('dataset_id', '=', datasetId)
    .where('record_key', 'in', keys),
)

/** The records and tombstones with these keys, by key. */
export async function findRecords(
  db: Db,
  { homeId, datasetId }: RecordsHome,
  keys: readonly string[],
): Promise<ReadonlyMap<string, DatasetRecord>> {
  const { rows } = await recordsByKeys(db, homeId, datasetId, ...paddedKeys(keys))
  return new Map(rows.map((row) => [row.record_key, recordFromRow(row)]))
}

/** A place in the order of a dataset's records: by count, then by key. Keys are never empty. */
export interface RecordPlace {
  syncCount: number
  key: string
}

const recordsInOrder = (liveOnly: boolean) =>
  statement(
    (db, homeId: string, datasetId: string, afterCount: number, afterKey: string, upTo: number, limit: number) => {
      const page = db
        .selectFrom('sync_records')
        .selectAll()
        .where('home_id', '=', homeId)
        .where('dataset_id', '=', datasetId)
        .where((row) => row(row.refTuple('sync_count', 'record_key'), '>', row.tuple(afterCount, afterKey)))
        .where('sync_count', '<=', upTo)
        .orderBy('sync_count')
        .orderBy('record_key')
        .limit(limit)
      return liveOnly ? page.where('value', 'is not', null) : page
    },
  )

const liveRecords = recordsInOrder(true)
const recordsAndTombstones = recordsInOrder(false)

export interface RecordRange {
  after: RecordPlace
  /** The highest count. */
  upTo: number
  /** Without tombstones. */
  liveOnly: boolean
  limit: number
}

/** A page of a dataset's records in their order. */
export async function listRecords(
  db: Db,
  { homeId, datasetId }: RecordsHome,
  { after, upTo, liveOnly, limit }: RecordRange,
): Promise<DatasetRecord[]> {
  const list = liveOnly ? liveRecords : recordsAndTombstones
  const { rows } = await list(db, homeId, datasetId, after.syncCount, after.key, upTo, limit)
  return rows.map(recordFromRow)
}

const put = insertStatement('sync_records', (insert) =>
  insert.onConflict((conflict) =>
    conflict.columns(['home_id', 'dataset_id', 'record_key']).doUpdateSet(({ ref }) => ({
      value: ref('excluded.value'),
      sync_count: ref('excluded.sync_count'),
      updated_at: ref('excluded.updated_at'),
      modified_by: ref('excluded.modified_by'),
      device_updated_at: ref('excluded.device_updated_at'),
    })),
  ),
)

/** Each number of rows is another statement, which PostgreSQL prepares on each connection: powers of two keep them few. */
const MOST_AT_ONCE = 128

/** Writes records and tombstones in the place of those with the same keys. */
export async function putRecords(
  db: Db,
  { homeId, datasetId }: RecordsHome,
  records: readonly DatasetRecord[],
): Promise<void> {
  const rows = records.map(({ key, value = null, syncCount, updatedAt, modifiedBy, deviceUpdatedAt = null }) => ({
    home_id: homeId,
    dataset_id: datasetId,
    record_key: key,
    value,
    sync_count: syncCount,
    updated_at: updatedAt,
    modified_by: modifiedBy,
    device_updated_at: deviceUpdatedAt,
  }))
  for (let at = 0; at < rows.length; ) {
    const count = Math.min(MOST_AT_ONCE, 2 ** Math.floor(Math.log2(rows.length - at)))
    await put(db, ...rows.slice(at, at + count))
    at += count
  }
}

const tombstoneCounts = statement((db, homeId: string, datasetId: string) =>
  db
    .selectFrom('sync_records')
    .select('sync_count')
    .where('home_id', '=', homeId)
    .where('dataset_id', '=', datasetId)
    .where('value', 'is', null)
    .orderBy('sync_count'),
)

/** The counts of a dataset's tombstones, the lowest first. */
export const findTombstoneCounts = async (db: Db, { homeId, datasetId }: RecordsHome): Promise<number[]> =>
  (await tombstoneCounts(db, homeId, datasetId)).rows.map((row) => row.sync_count)

const deleteOldTombstones = statement((db, homeId: string, datasetId: string, upTo: number) =>
  db
    .deleteFrom('sync_records')
    .where('home_id', '=', homeId)
    .where('dataset_id', '=', datasetId)
    .where('value', 'is', null)
    .where('sync_count', '<=', upTo),
)

/** Deletes the tombstones whose count is at most `upTo`. */
export async function deleteTombstones(db: Db, { homeId, datasetId }: RecordsHome, upTo: number): Promise<void> {
  await deleteOldTombstones(db, homeId, datasetId, upTo)
}

const deleteAll = statement((db, homeId: string, datasetId: string) =>
  db.deleteFrom('sync_records').where('home_id', '=', homeId).where('dataset_id', '=', datasetId),
)

/** Deletes all records of a dataset. */
export async function deleteRecords(db: Db, { homeId, datasetId }: RecordsHome): Promise<void> {
  await deleteAll(db, homeId, datasetId)
}

/** Keys of a dataset's records and tombstones in their order, after one of them. */
export async function listRecordKeys(
  db: Db,
  { homeId, datasetId }: RecordsHome,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('sync_records')
    .select('record_key')
    .where('home_id', '=', homeId)
    .where('dataset_id', '=', datasetId)
    .where('record_key', '>', after)
    .orderBy('record_key')
    .limit(limit)
    .execute()
  return rows.map((row) => row.record_key)
}

/** Deletes records by key. */
export async function deleteRecordsByKey(
  db: Db,
  { homeId, datasetId }: RecordsHome,
  keys: readonly string[],
): Promise<void> {
  await db
    .deleteFrom('sync_records')
    .where('home_id', '=', homeId)
    .where('dataset_id', '=', datasetId)
    .where('record_key', 'in', keys)
    .execute()
}
