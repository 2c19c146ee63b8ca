import type { Context } from '../../context.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import type { Db } from '../../database/database.ts'
import {
  type Dataset,
  deleteDatasetRow,
  findDataset,
  findDatasetsOf,
  insertDataset,
  replaceDataset,
} from '../../datasets/dataset-store.ts'
import { type Forgetting, forgetMarkers } from '../../datasets/marker-rules.ts'
import { removeRecordsOf } from '../../datasets/remove-datasets.ts'
import { insertJob } from '../../jobs/job-store.ts'
import { jobsAfter, wakeAfter } from '../jobs-after.ts'
import { operation } from '../operation.ts'
import type { StreamChange } from '../streams/stream-record-rules.ts'
import { datasetType, noSuchDatasetText } from './dataset-type.ts'

/** Answers the dataset as it was (docs/reference/identity-pools-sts-iam-sync.md 20.4). */
export const deleteDataset = operation('DeleteDataset', async (context, { input, pool, fail }) => {
  const dataset = await deleteLive(context, pool.id, input.IdentityId, input.DatasetName)
  if (!dataset) throw fail('ResourceNotFoundException', noSuchDatasetText(input.DatasetName))
  return { Dataset: datasetType(dataset) }
})

/** Deletes a dataset and answers it as it was; undefined when there is none. Its row stays, so that other devices learn of it. */
async function deleteLive(
  context: Context,
  poolId: string,
  identityId: string,
  name: string,
): Promise<Dataset | undefined> {
  const pool = await context.syncPools.get(poolId)
  return withRetries(async () => {
    const dataset = await findDataset(context.db, identityId, name)
    if (!dataset?.live || dataset.poolId !== poolId) return undefined
    const now = context.clock.now()
    const marker = markerOf(dataset, now)
    const jobs = jobsAfter(context, pool, removalOf(marker), undefined)
    const forgetting = forgetMarkers(await findDatasetsOf(context.db, identityId), marker)
    await context.database.transaction(async (db) => {
      if (!(await replaceDataset(db, dataset, marker))) throw new Stale()
      await removeRecordsOf(db, dataset, now)
      if (forgetting) await forget(db, forgetting)
      for (const job of jobs) await insertJob(db, job)
    })
    context.datasetUsage.addChange(poolId, -dataset.storage, now)
    await context.database.durable()
    wakeAfter(context, jobs)
    context.pokes.tell(identityId, name, marker.syncCount)
    return dataset
  })
}

const markerOf = (dataset: Dataset, now: number): Dataset => ({
  ...dataset,
  live: false,
  syncCount: dataset.syncCount + 1,
  deletedSyncCount: dataset.syncCount + 1,
  mergedFrom: '',
  updatedAt: now,
  storage: 0,
  recordCount: 0,
  tombstoneCount: 0,
})

/** As a stream tells of it (docs/reference/identity-pools-sts-iam-sync.md 21.2). */
const removalOf = ({ poolId, identityId, name, syncCount, updatedAt }: Dataset): StreamChange => ({
  identityPoolId: poolId,
  identityId,
  datasetName: name,
  operation: 'remove',
  syncCount,
  updatedAt,
  records: [],
})

async function forget(db: Db, { forgotten, before, after }: Forgetting): Promise<void> {
  for (const marker of forgotten) if (!(await deleteDatasetRow(db, marker))) throw new Stale()
  const written = before ? await replaceDataset(db, before, after) : await insertDataset(db, after)
  if (!written) throw new Stale()
}
