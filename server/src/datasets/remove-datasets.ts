// Removes the records of deleted datasets: few of them in the transaction that deletes the dataset, more in steps by a job.
import type { Context } from '../context.ts'
import type { Db } from '../database/database.ts'
import { insertJob } from '../jobs/job-store.ts'
import type { Queue } from '../jobs/queue.ts'
import { removalQueue } from '../jobs/removal.ts'
import { removalJob } from '../jobs/removal-rules.ts'
import type { SweepRange } from '../jobs/sweep.ts'
import {
  type Dataset,
  type DatasetPlace,
  deleteDatasetRow,
  deleteDatasetsOf,
  listPoolDatasets,
} from './dataset-store.ts'
import { deleteRecords, deleteRecordsByKey, listRecordKeys } from './record-store.ts'
import { DATASET_REMOVAL, FEW_RECORDS } from './removal-rules.ts'

/** Records removed in one step. */
const RECORDS_AT_ONCE = 500

/** Removes the records of a dataset that `db`, a transaction, deletes. Nobody adds to them any more: that compares its row. */
export async function removeRecordsOf(db: Db, dataset: Dataset, now: number): Promise<void> {
  const { homeId, datasetId, recordCount, tombstoneCount } = dataset
  if (recordCount + tombstoneCount <= FEW_RECORDS) await deleteRecords(db, dataset)
  else await insertJob(db, { ...removalJob(DATASET_REMOVAL, homeId, now, 0), id: datasetId })
}

/**
 * Removes everything of deleted identities, whose datasets are `datasets`. Must run in the transaction that deletes the
 * identities, or compares the version that each had when its datasets were read. Answers the bytes that went: a push may have
 * changed them since.
 */
export async function removeDatasetsOf(
  db: Db,
  identityIds: readonly string[],
  datasets: readonly Dataset[],
  now: number,
): Promise<number> {
  if (datasets.length === 0) return 0
  // The rows first: then a push that is under way has added its records, or finds no dataset.
  const bytes = await deleteDatasetsOf(db, identityIds)
  for (const dataset of datasets) if (dataset.live) await removeRecordsOf(db, dataset, now)
  return bytes
}

/** UTF-8 bytes of the keys and values of datasets. */
export const storageOf = (datasets: readonly Dataset[]): number =>
  datasets.reduce((bytes, { storage }) => bytes + storage, 0)

const DATASETS_AT_ONCE = 20

/** The datasets of a deleted pool, for the job that removes its rows. */
export const datasetsOfPool = (poolId: string, clock: Context['clock']): SweepRange => ({
  async next(db, after) {
    const datasets = await listPoolDatasets(
      db,
      poolId,
      (after as DatasetPlace | undefined) ?? ['', ''],
      DATASETS_AT_ONCE,
    )
    const last = datasets.at(-1)
    if (!last) return undefined
    const now = clock.now()
    const remove = async (within: Db): Promise<void> => {
      for (const dataset of datasets) {
        // One that a late push has changed is met again by the next sweep.
        if ((await deleteDatasetRow(within, dataset)) && dataset.live) await removeRecordsOf(within, dataset, now)
      }
    }
    return { last: [last.identityId, last.name], remove }
  },
})

/** The queue of deleted datasets with many records (docs/decisions/jobs.md). */
export const datasetRemovals = (context: Pick<Context, 'database' | 'clock'>): Queue =>
  removalQueue(context, {
    name: DATASET_REMOVAL,
    ranges: (homeId, datasetId) => [
      {
        async next(db, after) {
          const home = { homeId, datasetId }
          const keys = await listRecordKeys(db, home, (after as string | undefined) ?? '', RECORDS_AT_ONCE)
          const last = keys.at(-1)
          return last === undefined
            ? undefined
            : { last, remove: (within: Db) => deleteRecordsByKey(within, home, keys) }
        },
      },
    ],
  })
