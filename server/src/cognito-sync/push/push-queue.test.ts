// What becomes of a change that devices are told of: through a server, and job by job.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeleteIdentitiesCommand } from '@aws-sdk/client-cognito-identity'
import { UnsubscribeFromDatasetCommand } from '@aws-sdk/client-cognito-sync'
import { pino } from 'pino'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { engines, useTestServer } from '../../../test/harness.ts'
import { useParts } from '../../../test/parts.ts'
import { useStandIn } from '../../../test/push-services.ts'
import { runDue } from '../../../test/queue-runs.ts'
import { deviceOf, patch } from '../../../test/sync.ts'
import { applicationArn, useSyncWorld } from '../../../test/sync-pool.ts'
import { findSubscribed, insertDevice, insertSubscription } from '../../datasets/device-store.ts'
import { DeliveryFailed } from '../../effects/effects.ts'
import { insertJob } from '../../jobs/job-store.ts'
import type { Push, Pushed } from '../../push/ways.ts'
import { limits } from '../limits.ts'
import { sealToken } from './device-tokens.ts'
import { pushJobs, pushQueue } from './push-queue.ts'

const folder = mkdtempSync(join(tmpdir(), 'push-'))

describe.each(engines)('a change of a dataset on %s', (engine) => {
  const hook = useStandIn()
  const PUSH_FILE = join(folder, `${engine}.json`)
  beforeAll(() => {
    const key = 'k'.repeat(32)
    writeFileSync(PUSH_FILE, JSON.stringify({ [applicationArn('GCM')]: { webhook: `${hook.url}/push`, key } }))
  })
  // The file is there when the server starts.
  const server = useTestServer({ engine, env: { PUSH_FILE } })
  const sync = useSyncWorld(server)
  const told = () => hook.received.map(({ body }) => JSON.parse(String(body)))

  it('is told to the devices of the identity that asked for it, but not to the one that made it', async () => {
    await sync.setPlatforms('GCM')
    const guest = await sync.guest()
    const device = deviceOf(guest.client, { IdentityPoolId: sync.poolId, IdentityId: guest.id })
    const [phone, tablet, deaf] = [
      await sync.register(guest, 'phone'),
      await sync.register(guest, 'tablet'),
      await sync.register(guest, 'deaf'),
    ]
    for (const id of [phone, tablet, deaf]) await sync.subscribe(guest, 'prefs', id)
    await sync.subscribe(guest, 'other', deaf)
    const input = { ...device.ids, DatasetName: 'prefs', DeviceId: deaf }
    await guest.client.send(new UnsubscribeFromDatasetCommand(input))
    const another = await sync.guest()
    await sync.subscribe(another, 'prefs', await sync.register(another, 'of another'))

    await device.push('prefs', [patch('a', '1')], { DeviceId: phone })
    await vi.waitFor(() => expect(told()).toHaveLength(1), { timeout: 20_000 })
    const data = { source: 'cognito-sync', identityPoolId: sync.poolId, identityId: guest.id, datasetName: 'prefs' }
    expect(told()).toEqual([
      { applicationArn: applicationArn('GCM'), platform: 'GCM', token: 'tablet', data: { ...data, syncCount: 1 } },
    ])
    // Without an id nobody is left out; a deletion is a change.
    await device.delete('prefs')
    await vi.waitFor(() => expect(told()).toHaveLength(3), { timeout: 20_000 })
    const last = told().slice(1)
    expect(last.map(({ token }) => token).sort()).toEqual(['phone', 'tablet'])
    expect(last[0].data).toEqual({ ...data, syncCount: 2 })
  })

  it('is told to no device of a deleted identity', async () => {
    await sync.setPlatforms('GCM')
    const guest = await sync.guest()
    await sync.subscribe(guest, 'prefs', await sync.register(guest, 'phone'))
    await sync.world.admin.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete: [guest.id] }))
    const fresh = await sync.guest()
    const device = deviceOf(fresh.client, { IdentityPoolId: sync.poolId, IdentityId: fresh.id })
    await sync.subscribe(fresh, 'prefs', await sync.register(fresh, 'phone'))
    await device.push('prefs', [patch('a', '1')])
    await vi.waitFor(() => expect(told()).toHaveLength(1), { timeout: 20_000 })
  })
})

describe('in development, without anything that pushes', () => {
  const server = useTestServer()
  const sync = useSyncWorld(server)

  it('what devices would be told is kept for people to read', async () => {
    await sync.setPlatforms('APNS')
    const guest = await sync.guest()
    const device = deviceOf(guest.client, { IdentityPoolId: sync.poolId, IdentityId: guest.id })
    const id = await sync.register(guest, 'ab01', 'APNS')
    await sync.subscribe(guest, 'prefs', id)
    await device.push('prefs', [patch('a', '1')])
    const kept = () => server.outbox.messages()
    await vi.waitFor(async () => expect(await kept()).toHaveLength(1), { timeout: 20_000 })
    const [message] = await kept()
    expect(message).toMatchObject({ medium: 'PUSH', to: id, userPoolId: sync.poolId })
    expect(JSON.parse(message?.body ?? '')).toEqual({
      identityPoolId: sync.poolId,
      identityId: guest.id,
      datasetName: 'prefs',
      syncCount: 1,
    })
    const page = await (await fetch(`${server.url}/outbox`)).text()
    expect(page).toContain('>Push</span>')
  })
})

describe.each(engines)('a job that tells devices on %s', (engine) => {
  const parts = useParts(engine)
  const answers = new Map<string, (push: Push) => Promise<Pushed>>()
  const sent: Push[] = []
  const lines: { reason?: string; msg: string }[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const pusher = {
    knows: () => true,
    accepts: () => true,
    close: () => undefined,
    async send(push: Push) {
      sent.push(push)
      return (await answers.get(push.token)?.(push)) ?? 'sent'
    },
  }
  const queue = () =>
    pushQueue({
      database: parts.database,
      clock: parts.clock,
      random: parts.random,
      sealer: parts.sealer,
      pusher,
      outbox: undefined as never,
      log,
      config: { production: true },
    })
  const fails =
    (reason: string, permanent = false) =>
    async (): Promise<Pushed> => {
      throw new DeliveryFailed(reason, permanent)
    }
  const pool = {
    id: 'us-east-1:1',
    version: 1,
    settings: { PushSync: { ApplicationArns: [applicationArn('GCM')], RoleArn: 'r' } },
  }

  /** An identity with devices that are told of `prefs`, and a change of it. */
  async function changed(...tokens: string[]): Promise<string> {
    sent.length = 0
    lines.length = 0
    answers.clear()
    const identityId = `us-east-1:${randomBytes(4).toString('hex')}`
    for (const token of tokens) {
      await insertDevice(parts.db, {
        id: token,
        identityId,
        poolId: pool.id,
        platform: 'GCM',
        applicationArn: applicationArn('GCM'),
        token: sealToken(parts.sealer, { identityId, id: token }, token),
        createdAt: 1,
      })
      await insertSubscription(parts.db, { identityId, datasetName: 'prefs', deviceId: token, poolId: pool.id })
    }
    const poke = { identityPoolId: pool.id, identityId, datasetName: 'prefs', syncCount: 1 }
    for (const job of pushJobs(pool, poke, undefined, parts.clock.now())) await insertJob(parts.db, job)
    return identityId
  }
  const run = async (afterMs = 0): Promise<string[]> => {
    sent.length = 0
    parts.clock.advance(afterMs)
    await runDue(parts, queue())
    return sent.map(({ token }) => token).sort()
  }
  const HOUR_MS = 60 * 60 * 1000

  it('tells again those alone that could not be told', async () => {
    await changed('one', 'two')
    answers.set('two', fails('HTTP 503'))
    expect(await run()).toEqual(['one', 'two'])
    const [{ id } = { id: '' }] = sent
    expect(await run()).toEqual([])
    answers.clear()
    expect(await run(10_000)).toEqual(['two'])
    // The same id at every try, by which a receiver knows it again.
    expect(sent[0]?.id).toBe(id)
    expect(await run(HOUR_MS)).toEqual([])
  })

  it('forgets a device that its push service does not know any more', async () => {
    const identityId = await changed('one', 'two')
    answers.set('one', async () => 'gone')
    await run()
    expect((await findSubscribed(parts.db, identityId, 'prefs')).map(({ id }) => id)).toEqual(['two'])
    expect(await run(HOUR_MS)).toEqual([])
  })

  it('gives up what is refused for good, and what fails too often, and says why', async () => {
    await changed('one')
    answers.set('one', fails('FCM 400', true))
    await run()
    expect(lines.map(({ msg, reason }) => [msg, reason])).toEqual([['push given up', 'FCM 400']])
    expect(await run(HOUR_MS)).toEqual([])

    await changed('two')
    answers.set('two', fails('FCM 500'))
    let runs = 0
    while ((await run(2 * HOUR_MS)).length > 0) runs++
    expect(runs).toBeLessThanOrEqual(limits.pushAttempts.max)
    expect(lines.at(-1)).toMatchObject({ msg: 'push given up' })
  })

  it('tells nobody of what is a day old', async () => {
    await changed('one')
    expect(await run(limits.pushUsefulFor.max)).toEqual([])
    expect(lines.at(-1)).toMatchObject({ msg: 'push given up', reason: 'it is out of date' })
  })

  it('names no token in the log, also of an error that does', async () => {
    await changed('secret-token')
    answers.set('secret-token', async () => {
      throw new Error('secret-token is odd')
    })
    await run()
    expect(JSON.stringify(lines)).not.toContain('secret-token')
    expect(lines.length).toBeGreaterThan(0)
  })
})

it('pools without pushes have no jobs', () => {
  const poke = { identityPoolId: 'p', identityId: 'i', datasetName: 'd', syncCount: 1 }
  const pool = (settings: object) => ({ id: 'p', version: 1, settings })
  expect(pushJobs(pool({}), poke, undefined, 1)).toEqual([])
  expect(pushJobs(pool({ PushSync: { ApplicationArns: [] } }), poke, undefined, 1)).toEqual([])
})
