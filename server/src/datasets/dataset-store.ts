// Every statement on the table of datasets. A dataset's row is the unit of serialisation: every change of a dataset or of its
// records compares the row's count, and raises it.
import type { Db } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { insertStatement, rowStatement, statement } from '../database/statement.ts'

/** A dataset of Cognito Sync, or what is kept of a deleted one (docs/reference/identity-pools-sts-iam-sync.md 20.1). */
export interface Dataset {
  readonly identityId: string
  readonly name: string
  readonly poolId: string
  /** With `datasetId` the key of its records (record-store.ts). */
  readonly homeId: string
  readonly datasetId: string
  /** False for a deleted one. */
  readonly live: boolean
  readonly syncCount: number
  /** Devices that know a count below this one, and above 0, must begin anew; 0: none. */
  readonly deletedSyncCount: number
  /** The name of the dataset of the same identity that it is to be merged into; empty for all others. */
  readonly mergedFrom: string
  /** Epoch milliseconds, as `updatedAt`. */
  readonly createdAt: number
  readonly updatedAt: number
  /** The id of a device, or of the identity. */
  readonly modifiedBy: string
  /** UTF-8 bytes of keys and values. */
  readonly storage: number
  readonly recordCount: number
  readonly tombstoneCount: number
}

type Row = Schema['sync_datasets']

const datasetFromRow = (row: Row): Dataset => ({
  identityId: row.identity_id,
  name: row.dataset_name,
  poolId: row.identity_pool_id,
  homeId: row.home_id,
  datasetId: row.dataset_id,
  live: row.live === 1,
  syncCount: row.sync_count,
  deletedSyncCount: row.deleted_sync_count,
  mergedFrom: row.merged_from,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  modifiedBy: row.modified_by,
  storage: row.storage,
  recordCount: row.record_count,
  tombstoneCount: row.tombstone_count,
})

const rowOf = (dataset: Dataset): Row => ({
  identity_id: dataset.identityId,
  dataset_name: dataset.name,
  identity_pool_id: dataset.poolId,
  home_id: dataset.homeId,
  dataset_id: dataset.datasetId,
  live: dataset.live ? 1 : 0,
  sync_count: dataset.syncCount,
  deleted_sync_count: dataset.deletedSyncCount,
  merged_from: dataset.mergedFrom,
  created_at: dataset.createdAt,
  updated_at: dataset.updatedAt,
  modified_by: dataset.modifiedBy,
  storage: dataset.storage,
  record_count: dataset.recordCount,
  tombstone_count: dataset.tombstoneCount,
})

const datasetByName = rowStatement((db, identityId: string, name: string) =>
  db.selectFrom('sync_datasets').selectAll().where('identity_id', '=', identityId).where('dataset_name', '=', name),
)

/** A dataset by name, or what is kept of a deleted one. */
export async function findDataset(db: Db, identityId: string, name: string): Promise<Dataset | undefined> {
  const row = await datasetByName(db, identityId, name)
  return row && datasetFromRow(row)
}

const datasetAndMerged = statement((db, identityId: string, name: string, mergedFrom: string) =>
  db
    .selectFrom('sync_datasets')
    .selectAll()
    .where('identity_id', '=', identityId)
    .where((row) => row.or([row('dataset_name', '=', name), row('merged_from', '=', mergedFrom)])),
)

/**
 * A dataset of a pool as `findDataset` has it, and the names of the live ones that are to be merged into it, as of one
 * moment.
 */
export async function findWithMerged(
  db: Db,
  poolId: string,
  identityId: string,
  name: string,
): Promise<{ dataset: Dataset | undefined; mergedNames: string[] }> {
  const { rows } = await datasetAndMerged(db, identityId, name, name)
  const datasets = rows.map(datasetFromRow).filter((dataset) => dataset.poolId === poolId)
  const merged = datasets.filter(({ live, mergedFrom }) => live && mergedFrom === name)
  return {
    dataset: datasets.find((dataset) => dataset.name === name),
    mergedNames: merged.map((dataset) => dataset.name).sort(),
  }
}

const datasetsOf = statement((db, identityId: string) =>
  db.selectFrom('sync_datasets').selectAll().where('identity_id', '=', identityId),
)

/** All rows of an identity, deleted datasets among them: as many as the limits say, and those that mergers added. */
export const findDatasetsOf = async (db: Db, identityId: string): Promise<Dataset[]> =>
  (await datasetsOf(db, identityId)).rows.map(datasetFromRow)

const liveDatasets = statement((db, identityId: string, after: string, limit: number) =>
  db
    .selectFrom('sync_datasets')
    .selectAll()
    .where('identity_id', '=', identityId)
    .where('dataset_name', '>', after)
    .where('live', '=', 1)
    .orderBy('dataset_name')
    .limit(limit),
)

/** A page of an identity's datasets in the order of their names. */
export const listDatasets = async (db: Db, identityId: string, after: string, limit: number): Promise<Dataset[]> =>
  (await liveDatasets(db, identityId, after, limit)).rows.map(datasetFromRow)

const changed = statement(
  (
    db,
    identityId: string,
    name: string,
    syncCount: number,
    home_id: string,
    dataset_id: string,
    live: number,
    sync_count: number,
    deleted_sync_count: number,
    merged_from: string,
    created_at: number,
    updated_at: number,
    modified_by: string,
    storage: number,
    record_count: number,
    tombstone_count: number,
  ) =>
    db
      .updateTable('sync_datasets')
      .set({
        home_id,
        dataset_id,
        live,
        sync_count,
        deleted_sync_count,
        merged_from,
        created_at,
        updated_at,
        modified_by,
        storage,
        record_count,
        tombstone_count,
      })
      .where('identity_id', '=', identityId)
      .where('dataset_name', '=', name)
      .where('sync_count', '=', syncCount),
)

/** Writes a dataset in the place of `known`; false when it has changed since that was read. */
export async function replaceDataset(db: Db, known: Pick<Dataset, 'syncCount'>, dataset: Dataset): Promise<boolean> {
  const { identity_id, dataset_name, identity_pool_id, ...row } = rowOf(dataset)
  const { affected } = await changed(
    db,
    identity_id,
    dataset_name,
    known.syncCount,
    row.home_id,
    row.dataset_id,
    row.live,
    row.sync_count,
    row.deleted_sync_count,
    row.merged_from,
    row.created_at,
    row.updated_at,
    row.modified_by,
    row.storage,
    row.record_count,
    row.tombstone_count,
  )
  return affected === 1
}

const inserted = insertStatement('sync_datasets', (insert) =>
  insert.onConflict((conflict) => conflict.columns(['identity_id', 'dataset_name']).doNothing()),
)

/** Writes a dataset that has no row yet; false when it has one. */
export const insertDataset = async (db: Db, dataset: Dataset): Promise<boolean> =>
  (await inserted(db, rowOf(dataset))).affected === 1

const deleted = statement((db, identityId: string, name: string, syncCount: number) =>
  db
    .deleteFrom('sync_datasets')
    .where('identity_id', '=', identityId)
    .where('dataset_name', '=', name)
    .where('sync_count', '=', syncCount),
)

/** Deletes the row of a dataset, as if it had never been there; false when it has changed since it was read. */
export const deleteDatasetRow = async (db: Db, { identityId, name, syncCount }: Dataset): Promise<boolean> =>
  (await deleted(db, identityId, name, syncCount)).affected === 1

/** Deletes all rows of identities. Answers the bytes of keys and values that their datasets have in this moment. */
export async function deleteDatasetsOf(db: Db, identityIds: readonly string[]): Promise<number> {
  const rows = await db
    .deleteFrom('sync_datasets')
    .where('identity_id', 'in', identityIds)
    .returning('storage')
    .execute()
  return rows.reduce((bytes, { storage }) => bytes + storage, 0)
}

/** The place of a dataset in the order of a pool's: identity and name. */
export type DatasetPlace = readonly [identityId: string, name: string]

/** Rows of a pool in their order, after a place. */
export async function listPoolDatasets(db: Db, poolId: string, after: DatasetPlace, limit: number): Promise<Dataset[]> {
  const rows = await db
    .selectFrom('sync_datasets')
    .selectAll()
    .where('identity_pool_id', '=', poolId)
    .where((row) => row(row.refTuple('identity_id', 'dataset_name'), '>', row.tuple(...after)))
    .orderBy('identity_id')
    .orderBy('dataset_name')
    .limit(limit)
    .execute()
  return rows.map(datasetFromRow)
}
