// Tells devices that a dataset has changed: a job for each change, written in its transaction, so that nothing is lost
// (docs/decisions/jobs.md). A device that cannot be told now is told later; one whose token is not known any more is forgotten.
import { randomUUID } from 'node:crypto'
import type { Context } from '../../context.ts'
import { type Device, deleteDevice, findSubscribed } from '../../datasets/device-store.ts'
import type { SyncPool } from '../../datasets/sync-pool-store.ts'
import { DeliveryFailed } from '../../effects/effects.ts'
import { pauseAfter } from '../../jobs/back-off-rules.ts'
import type { NewJob } from '../../jobs/job-store.ts'
import type { Queue } from '../../jobs/queue.ts'
import type { Poke } from '../../push/poke.ts'
import type { Pushed } from '../../push/ways.ts'
import { limits } from '../limits.ts'
import { openToken } from './device-tokens.ts'

export const SYNC_PUSH = 'sync-push'

interface Payload {
  readonly poke: Poke
  /** The device that made the change, which is not told of it. */
  readonly except: string | undefined
  /** Devices that are still to be told; undefined at first, when it is all of them. */
  readonly left?: readonly string[]
}

/** The jobs of a change: none for pools without pushes. */
export function pushJobs(pool: SyncPool, poke: Poke, except: string | undefined, now: number): NewJob[] {
  if (!pool.settings.PushSync?.ApplicationArns?.length) return []
  const payload: Payload = { poke, except }
  return [
    {
      owner: poke.identityId,
      id: `push/${randomUUID()}`,
      queue: SYNC_PUSH,
      payload: JSON.stringify(payload),
      created_at: now,
      due_at: now,
    },
  ]
}

type Parts = Pick<Context, 'database' | 'clock' | 'random' | 'sealer' | 'pusher' | 'outbox' | 'log'> & {
  readonly config: Pick<Context['config'], 'production'>
}

/** Changes that one process tells devices of at once; of each, all its devices. */
const SLOTS = 8

export const pushQueue = (context: Parts): Queue => ({
  name: SYNC_PUSH,
  slots: SLOTS,
  async run(job, lease) {
    const { database, clock, random, log } = context
    const payload = JSON.parse(job.payload) as Payload
    const { poke, except, left } = payload
    const line = { identityPool: poke.identityPoolId, jobId: job.id, attempts: job.attempts }
    if (clock.now() >= job.created_at + limits.pushUsefulFor.max) {
      log.error({ ...line, reason: 'it is out of date' }, 'push given up')
      return lease.finish()
    }
    const subscribed = await findSubscribed(database.db, poke.identityId, poke.datasetName)
    const devices = subscribed.filter(({ id }) => id !== except && (left === undefined || left.includes(id)))
    const outcomes = await Promise.all(
      devices.map((device) => tell(context, device, poke, `${job.id.slice('push/'.length)}`)),
    )
    const later: string[] = []
    for (const [i, device] of devices.entries()) {
      const outcome = outcomes[i] as Pushed | DeliveryFailed
      if (outcome === 'gone') await forget(context, device)
      if (!(outcome instanceof DeliveryFailed)) continue
      const { reason, permanent } = outcome
      const final = permanent || job.attempts >= limits.pushAttempts.max
      log[final ? 'error' : 'warn'](
        { ...line, application: device.applicationArn, reason },
        final ? 'push given up' : 'push not delivered yet',
      )
      if (!final) later.push(device.id)
    }
    if (later.length === 0) return lease.finish()
    const fraction = random.bytes(4).readUInt32BE() / 2 ** 32
    const again: Payload = { ...payload, left: later }
    return lease.postpone(clock.now() + pauseAfter(job.attempts, fraction), JSON.stringify(again))
  },
})

/** `id`: the job's, a UUID; with the device the same at every try. */
async function tell(context: Parts, device: Device, poke: Poke, id: string): Promise<Pushed | DeliveryFailed> {
  const { sealer, pusher, outbox, config } = context
  const token = openToken(sealer, device)
  if (token === undefined) return new DeliveryFailed('the master key does not open the token', true)
  const { applicationArn, platform } = device
  try {
    if (config.production || pusher.knows(applicationArn))
      return await pusher.send({ id, applicationArn, platform, token, poke })
    await outbox.capturePush({
      poolId: device.poolId,
      owner: device.identityId,
      to: device.id,
      body: JSON.stringify(poke),
    })
    return 'sent'
  } catch (error) {
    if (error instanceof DeliveryFailed) return error
    // The text of an error may quote a token.
    return new DeliveryFailed((error as Error).name)
  }
}

async function forget({ database, log }: Parts, { identityId, id, poolId, applicationArn }: Device): Promise<void> {
  await database.transaction((db) => deleteDevice(db, identityId, id))
  log.info({ identityPool: poolId, application: applicationArn }, 'device forgotten: its push service does not know it')
}
