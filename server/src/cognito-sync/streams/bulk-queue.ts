// Publishes everything that an identity pool holds to its stream, dataset by dataset, in steps: the cursor is in the job, so
// that another process goes on after a crash. What changes meanwhile may come twice.
import type { Context } from '../../context.ts'
import { type Dataset, type DatasetPlace, listPoolDatasets } from '../../datasets/dataset-store.ts'
import type { BulkPublish } from '../../datasets/sync-pool-settings.ts'
import { findSyncPool } from '../../datasets/sync-pool-store.ts'
import type { Job, NewJob } from '../../jobs/job-store.ts'
import type { Queue } from '../../jobs/queue.ts'
import { PutFailed } from '../../sinks/put-failed.ts'
import { limits as streamLimits } from '../../streams/limits.ts'
import { allRecords } from '../all-records.ts'
import { changeSyncPool } from '../configuration/sync-pools.ts'
import { limits } from '../limits.ts'
import { turnOff } from './stream-queue.ts'
import { streamBodies } from './stream-record-rules.ts'

export const SYNC_BULK = 'sync-bulk-publish'

/** One for each call: a new one may be asked for before the row of one that failed is gone. */
export const bulkJob = (poolId: string, now: number): NewJob => ({
  owner: poolId,
  id: `${SYNC_BULK}/${now}`,
  queue: SYNC_BULK,
  payload: '',
  created_at: now,
  due_at: now,
})

type Parts = Pick<Context, 'database' | 'clock' | 'syncPools' | 'streams' | 'log'>

const DATASETS_AT_ONCE = 50

export const bulkQueue = (context: Parts): Queue => ({
  name: SYNC_BULK,
  slots: 2,
  async run(job, lease) {
    const { database, clock } = context
    const poolId = job.owner
    let after: DatasetPlace = job.payload === '' ? ['', ''] : JSON.parse(job.payload)
    try {
      while (!lease.stopping.aborted) {
        const datasets = await listPoolDatasets(database.db, poolId, after, DATASETS_AT_ONCE)
        if (datasets.length === 0) {
          await end(context, job, { status: 'SUCCEEDED' })
          return lease.finish()
        }
        for (const dataset of datasets) {
          if (dataset.live) await publish(context, dataset)
          after = [dataset.identityId, dataset.name]
          await lease.advance(database.db, JSON.stringify(after))
          if (lease.stopping.aborted) break
        }
      }
      return lease.repeat(clock.now())
    } catch (error) {
      if (!(error instanceof PutFailed)) throw error
      // Tried again with back-off. A step that was made resets the count of attempts.
      if (error.refuses === 'later' && job.attempts < limits.bulkAttempts.max) throw error
      await end(context, job, { status: 'FAILED', failure: error.reason })
      return lease.finish()
    }
  },
})

/** Writes how it ended, unless the pool is gone or a later one has begun. */
const end = (context: Parts, job: Job, ended: Pick<BulkPublish, 'status' | 'failure'>): Promise<void> =>
  changeSyncPool(context, job.owner, ({ bulk, ...others }) =>
    bulk?.startedAt === job.created_at
      ? { ...others, bulk: { ...bulk, ...ended, completedAt: context.clock.now() } }
      : undefined,
  )

/** Throws PutFailed. A record that is refused for good is left out. */
async function publish(context: Parts, dataset: Dataset): Promise<void> {
  const { identityId, poolId, name, syncCount, updatedAt } = dataset
  const { CognitoStreams } = (await findSyncPool(context.database.db, poolId)).settings
  if (CognitoStreams?.StreamingStatus !== 'ENABLED' || CognitoStreams.StreamName === undefined)
    throw new PutFailed('The stream is not enabled any more.', 'place')
  const stream = CognitoStreams.StreamName
  const change = {
    identityPoolId: poolId,
    identityId,
    datasetName: name,
    operation: 'replace',
    syncCount,
    updatedAt,
  } as const
  const records = await allRecords(context.database.db, dataset, true)
  for (const [part, body] of streamBodies({ ...change, records }, streamLimits.record.max).entries()) {
    const id = `${identityId}/bulk/${name}/${syncCount}/${part}`
    try {
      await context.streams.put({ id, stream, partitionKey: identityId, body })
    } catch (error) {
      if (!(error instanceof PutFailed)) throw error
      if (error.refuses === 'place') await turnOff(context, poolId, stream, error.reason)
      if (error.refuses !== 'record') throw error
      context.log.error({ identityPool: poolId, stream, reason: error.reason }, 'a record of a stream was given up')
    }
  }
}
