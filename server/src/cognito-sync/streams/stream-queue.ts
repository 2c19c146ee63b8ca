// Brings the changes of datasets to the stream of their pool, those of one dataset in their order: the job of the earliest
// change takes the later ones along, and whoever claims one of those meanwhile puts it off. Delivery is at least once.
import type { Context } from '../../context.ts'
import { pauseAfter } from '../../jobs/back-off-rules.ts'
import type { Job } from '../../jobs/job-store.ts'
import type { Lease, Queue, Settled } from '../../jobs/queue.ts'
import { PutFailed } from '../../sinks/put-failed.ts'
import { changeSyncPool } from '../configuration/sync-pools.ts'
import { limits } from '../limits.ts'
import { datasetPrefix, payloadParts, SYNC_STREAM } from './stream-job-rules.ts'
import { deleteJob, findInOrder } from './stream-job-store.ts'

type Parts = Pick<Context, 'database' | 'clock' | 'random' | 'syncPools' | 'streams' | 'log'>

const SLOTS = 8
/** How long the job of a later change waits at least. */
const TURN_MS = 1000

export const streamQueue = (context: Parts): Queue => ({
  name: SYNC_STREAM,
  slots: SLOTS,
  async run(job, lease) {
    const { database, clock } = context
    for (;;) {
      const jobs = await findInOrder(database.db, job.owner, datasetPrefix(job.id), limits.streamBatch.max)
      const [first] = jobs
      if (first && first.id !== job.id) return lease.repeat(Math.max(waitsUntil(first), clock.now() + TURN_MS))
      for (const one of jobs) {
        const failure = await bring(context, one)
        if (failure) return one.id === job.id ? retry(context, job, lease, failure) : lease.finish()
        await settle(context, job, lease, one)
        if (lease.stopping.aborted) return lease.finish()
      }
      // What came meanwhile is taken along: the job's own row is all that is left when nothing did.
      if (jobs.length <= 1) return lease.finish()
    }
  },
})

/** When a job that is not claimed runs again; nothing is known of one that is. */
const waitsUntil = ({ lease, due_at }: Job): number => (lease === '' ? due_at : 0)

/** The job's own record is marked, as its row holds the others back; theirs go at once. Throws LeaseLost. */
function settle({ database }: Parts, job: Job, lease: Lease, one: Job): Promise<void> {
  return database.transaction(async (db) => {
    await lease.advance(db, '')
    if (one.id !== job.id) await deleteJob(db, one)
  })
}

/** Puts a record into the stream of its pool; resolves with a failure after which it is to be tried again. */
async function bring(context: Parts, { owner, id, payload, created_at }: Job): Promise<PutFailed | undefined> {
  const parts = payloadParts(payload)
  if (!parts) return undefined
  const { poolId, body } = parts
  const { CognitoStreams } = (await context.syncPools.get(poolId)).settings
  // Changes of the time in which a stream is turned off are lost, as at AWS.
  if (CognitoStreams?.StreamingStatus !== 'ENABLED' || CognitoStreams.StreamName === undefined) return undefined
  const stream = CognitoStreams.StreamName
  try {
    await context.streams.put({ id: `${owner}/${id}`, stream, partitionKey: owner, body })
    return undefined
  } catch (error) {
    if (!(error instanceof PutFailed)) throw error
    const tooOld = context.clock.now() >= created_at + limits.streamKeptFor.max
    if (error.refuses === 'later' && !tooOld) return error
    context.log.error({ identityPool: poolId, stream, reason: error.reason }, 'a record of a stream was given up')
    if (error.refuses === 'place') await turnOff(context, poolId, stream, error.reason)
    return undefined
  }
}

function retry({ clock, random, log }: Parts, job: Job, lease: Lease, { reason }: PutFailed): Promise<Settled> {
  const fraction = random.bytes(4).readUInt32BE() / 2 ** 32
  log.warn({ jobId: job.id, attempts: job.attempts, reason }, 'a record of a stream is tried again')
  return lease.postpone(clock.now() + pauseAfter(job.attempts, fraction))
}

/** A sink that takes nothing until somebody mends it turns the stream off (docs/reference/identity-pools-sts-iam-sync.md 21.2). */
export async function turnOff(
  context: Pick<Context, 'database' | 'clock' | 'syncPools' | 'log'>,
  poolId: string,
  stream: string,
  reason: string,
): Promise<void> {
  await changeSyncPool(context, poolId, ({ CognitoStreams, ...others }) =>
    CognitoStreams?.StreamName === stream && CognitoStreams.StreamingStatus === 'ENABLED'
      ? { ...others, CognitoStreams: { ...CognitoStreams, StreamingStatus: 'DISABLED' } }
      : undefined,
  )
  context.log.error(
    { identityPool: poolId, stream, reason },
    'a stream was turned off: SetIdentityPoolConfiguration enables it',
  )
}
