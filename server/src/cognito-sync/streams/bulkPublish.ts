import { insertJob } from '../../jobs/job-store.ts'
import { enforce } from '../../refusal-rules.ts'
import { changeSyncPool } from '../configuration/sync-pools.ts'
import { operation } from '../operation.ts'
import { bulkJob, SYNC_BULK } from './bulk-queue.ts'
import { bulkRefusal } from './bulk-rules.ts'

/** Publishes all datasets of a pool to its stream, in the background (docs/reference/identity-pools-sts-iam-sync.md 21.4). */
export const bulkPublish = operation('BulkPublish', async (context, { pool, fail }) => {
  const now = context.clock.now()
  await changeSyncPool(
    context,
    pool.id,
    (settings) => {
      enforce(fail, bulkRefusal(settings, now))
      return { ...settings, bulk: { status: 'IN_PROGRESS', startedAt: now } }
    },
    (db) => insertJob(db, bulkJob(pool.id, now)),
  )
  context.jobs.wake(SYNC_BULK)
  return { IdentityPoolId: pool.id }
})
