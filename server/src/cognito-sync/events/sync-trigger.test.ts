// A SyncTrigger, through UpdateRecords: in each of the four ways what it gets and decides, and what becomes of its errors.
import { SetCognitoEventsCommand } from '@aws-sdk/client-cognito-sync'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Engine, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { type Device, deviceOf, patch } from '../../../test/sync.ts'
import { useSyncWorld } from '../../../test/sync-pool.ts'
import { arn, useTriggers, ways } from '../../../test/triggers.ts'

const INVALID = 'InvalidLambdaFunctionOutputException'

describe.each([
  ['sqlite', ways],
  ['postgres', ['handler']],
] as const)('a SyncTrigger on %s', (engine, reached) => {
  const triggers = useTriggers()
  const server = useTestServer({ engine: engine as Engine, env: triggers.env, triggers: triggers.triggers })
  const sync = useSyncWorld(server)
  const name = (function* () {
    for (let n = 1; ; n++) yield `dataset${n}`
  })()
  const dataset = (): string => name.next().value as string
  let device: Device
  beforeAll(async () => {
    const { id, client } = await sync.guest()
    device = deviceOf(client, { IdentityPoolId: sync.poolId, IdentityId: id })
  })
  const set = (SyncTrigger: string) =>
    sync.admin.send(new SetCognitoEventsCommand({ IdentityPoolId: sync.poolId, Events: { SyncTrigger } }))
  const off = () => set('')

  it.each(reached)('by way of %s sees the whole dataset, and its answer is what is written', async (way) => {
    const DatasetName = dataset()
    await off()
    await device.push(DatasetName, [patch('name', 'Ada'), patch('old', 'x'), patch('ignored', 'before')])
    await set(arn(way, 'sync'))
    triggers.forget()
    const written = await device.push(
      DatasetName,
      [{ ...patch('level', '4'), DeviceLastModifiedDate: new Date(1_500_000_000_000) }, patch('ignored', 'after', 1)],
      { DeviceId: 'phone' },
    )
    expect(triggers.seen()).toEqual([
      {
        version: 2,
        eventType: 'SyncTrigger',
        region: 'us-east-1',
        identityPoolId: sync.poolId,
        identityId: device.ids.IdentityId,
        datasetName: DatasetName,
        datasetRecords: {
          name: { oldValue: 'Ada', newValue: 'Ada' },
          old: { oldValue: 'x', newValue: 'x' },
          ignored: { oldValue: 'before', newValue: 'after', op: 'replace' },
          level: { oldValue: null, newValue: '4', op: 'replace' },
        },
      },
    ])
    const answered = Object.fromEntries(written.map(({ Key, Value, SyncCount }) => [Key, [Value, SyncCount]]))
    // One count for all that changed; what the function left out is answered as it stays.
    expect(answered).toEqual({
      level: ['4!', 2],
      badge: ['gold', 2],
      old: [undefined, 2],
      ignored: ['before', 1],
    })
    expect(written.find(({ Key }) => Key === 'level')?.DeviceLastModifiedDate).toEqual(new Date(1_500_000_000_000))
    expect((await device.pull(DatasetName)).DatasetSyncCount).toBe(2)
    expect(await device.values(DatasetName)).toEqual({ name: 'Ada', ignored: 'before', level: '4!', badge: 'gold' })
    expect(await device.describe(DatasetName)).toMatchObject({ NumRecords: 4 })
  })

  it('is asked about pushes of identities alone', async () => {
    await set(arn('handler', 'sync'))
    triggers.forget()
    const developer = deviceOf(sync.admin, device.ids)
    const DatasetName = dataset()
    await developer.push(DatasetName, [patch('level', '1')])
    expect(await device.values(DatasetName)).toEqual({ level: '1' })
    expect(triggers.seen()).toEqual([])
  })

  it('is not asked about what cannot be written anyway', async () => {
    const DatasetName = dataset()
    await off()
    await device.push(DatasetName, [patch('level', '1')])
    await set(arn('handler', 'sync'))
    triggers.forget()
    await expectRefusal(device.push(DatasetName, [patch('level', '2', 9)]), 'ResourceConflictException')
    expect(triggers.seen()).toEqual([])
  })

  it('may leave out all that a client pushes: then nothing is written', async () => {
    const DatasetName = dataset()
    await off()
    await device.push(DatasetName, [patch('badge', 'gold'), patch('old', 'x')])
    await device.push(DatasetName, [patch('old', undefined, 1)])
    await set(arn('handler', 'sync'))
    expect(await device.push(DatasetName, [patch('ignored', '1')])).toEqual([
      { Key: 'ignored', SyncCount: 0, LastModifiedBy: device.ids.IdentityId, LastModifiedDate: expect.any(Date) },
    ])
    expect((await device.pull(DatasetName)).DatasetSyncCount).toBe(2)
    // A dataset that would be new is not made.
    const other = dataset()
    await set(arn('handler', 'sync'))
    await device.push(other, [patch('ignored', '1')])
    expect(await device.values(other)).toEqual({ badge: 'gold' })
  })

  it.each([
    ['refuse', INVALID, 'SyncTrigger failed with error Domain not allowed.'],
    ['syncOther', INVALID, 'SyncTrigger returned invalid output: datasetName is not as it was.'],
    ['nothing', INVALID, 'SyncTrigger returned invalid output: it is not the event.'],
    ['syncTooMuch', 'LimitExceededException', /bytes/],
  ])('that does %s keeps the push from being written', async (what, error, message) => {
    const DatasetName = dataset()
    await off()
    await device.push(DatasetName, [patch('level', '1'), patch('large', 'y'.repeat(100_000))])
    await set(arn('handler', what))
    await expectRefusal(device.push(DatasetName, [patch('level', '2', 1)]), error, message)
    await off()
    expect((await device.pull(DatasetName)).DatasetSyncCount).toBe(1)
  })

  it('of an ARN that nobody has a place for is told', async () => {
    await set('arn:aws:lambda:us-east-1:000000000000:function:elsewhere')
    const message = 'SyncTrigger invocation failed due to error ResourceNotFoundException.'
    await expectRefusal(device.push(dataset(), [patch('level', '2')]), INVALID, message)
  })
})

describe('a SyncTrigger that is slow', () => {
  const triggers = useTriggers()
  const server = useTestServer({ env: triggers.env, triggers: triggers.triggers })
  const sync = useSyncWorld(server)
  const device = async (): Promise<Device> => {
    const { id, client } = await sync.guest()
    return deviceOf(client, { IdentityPoolId: sync.poolId, IdentityId: id })
  }
  const set = (SyncTrigger: string) =>
    sync.admin.send(new SetCognitoEventsCommand({ IdentityPoolId: sync.poolId, Events: { SyncTrigger } }))

  it('is asked once, for five seconds', async () => {
    await set(arn('lambda', 'slow'))
    const slow = await device()
    triggers.forget()
    await expectRefusal(
      slow.push('prefs', [patch('a', '1')]),
      'LambdaSocketTimeoutException',
      'SyncTrigger did not respond within 5 seconds.',
    )
    expect(triggers.calls).toHaveLength(1)
    expect(await slow.values('prefs')).toEqual({})
  })

  it('is asked by no more calls at once than there is room for: the others may try again', async () => {
    await set(arn('lambda', 'busy'))
    const busy = await device()
    triggers.instead = (_request, response) =>
      response.writeHead(429, { 'x-amzn-errortype': 'TooManyRequestsException' }).end('{}')
    try {
      await expectRefusal(busy.push('prefs', [patch('a', '1')]), 'LambdaThrottledException')
    } finally {
      triggers.instead = undefined
    }
  })
})
