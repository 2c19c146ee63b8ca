// What follows a change of a dataset: jobs that tell devices of it and bring it to the pool's stream. Write them in its
// transaction, and wake their queues when it has committed.
import type { Context } from '../context.ts'
import type { SyncPool } from '../datasets/sync-pool-store.ts'
import type { NewJob } from '../jobs/job-store.ts'
import { pushJobs, SYNC_PUSH } from './push/push-queue.ts'
import { SYNC_STREAM, streamJobs } from './streams/stream-job-rules.ts'
import type { StreamChange } from './streams/stream-record-rules.ts'

/** The jobs of a change; none for pools with neither. `madeBy`: the device that made it, which is not told of it. */
export function jobsAfter(
  { streams }: Pick<Context, 'streams'>,
  pool: SyncPool,
  change: StreamChange,
  madeBy: string | undefined,
): NewJob[] {
  const { identityPoolId, identityId, datasetName, syncCount, updatedAt } = change
  const { StreamName = '', StreamingStatus } = pool.settings.CognitoStreams ?? {}
  return [
    ...pushJobs(pool, { identityPoolId, identityId, datasetName, syncCount }, madeBy, updatedAt),
    ...(StreamingStatus === 'ENABLED' ? streamJobs(change, streams.roomOf(StreamName), updatedAt) : []),
  ]
}

export function wakeAfter({ jobs }: Pick<Context, 'jobs'>, written: readonly NewJob[]): void {
  if (written.length > 0) jobs.wake(SYNC_PUSH, SYNC_STREAM)
}
