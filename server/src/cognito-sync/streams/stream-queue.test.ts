// What becomes of the changes of a pool with a stream: through a server, and job by job.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetIdentityPoolConfigurationCommand } from '@aws-sdk/client-cognito-sync'
import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import { engines, useTestServer } from '../../../test/harness.ts'
import { useParts } from '../../../test/parts.ts'
import { claimDue, runDue } from '../../../test/queue-runs.ts'
import { deviceOf, patch } from '../../../test/sync.ts'
import { ROLE, useSyncWorld } from '../../../test/sync-pool.ts'
import { findSyncPool, replaceSyncPool } from '../../datasets/sync-pool-store.ts'
import { insertJob } from '../../jobs/job-store.ts'
import { PutFailed } from '../../sinks/put-failed.ts'
import type { StreamRecord } from '../../streams/sink.ts'
import { createSyncPools } from '../configuration/sync-pools.ts'
import { limits } from '../limits.ts'
import { streamJobs } from './stream-job-rules.ts'
import { streamQueue } from './stream-queue.ts'

const folder = mkdtempSync(join(tmpdir(), 'stream-'))

/** A job whose turn it is not waits for the next poll. */
const WAIT_MS = 10_000

describe.each(engines)('the stream of a pool on %s', (engine) => {
  const STREAMS_FILE = join(folder, `${engine}.json`)
  const file = join(folder, `${engine}.jsonl`)
  const places = { changes: { file }, lost: { file: join(folder, 'none', 'lost.jsonl') } }
  writeFileSync(STREAMS_FILE, JSON.stringify(places))
  writeFileSync(file, '')
  const server = useTestServer({ engine, env: { STREAMS_FILE } })
  const sync = useSyncWorld(server)
  const records = () =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))

  it('gets each change of a dataset, and its deletion, in their order', async () => {
    await sync.setStream('changes')
    const guest = await sync.guest()
    const device = deviceOf(guest.client, { IdentityPoolId: sync.poolId, IdentityId: guest.id })
    const DeviceLastModifiedDate = new Date(1_500_000_000_123)
    await device.push('prefs', [{ ...patch('a', '1'), DeviceLastModifiedDate }, patch('b', '2')])
    await device.push('prefs', [patch('a', undefined, 1)])
    for (let count = 2; count < 12; count++)
      await device.push('prefs', [patch('b', `${count}`, count === 2 ? 1 : count)])
    await device.delete('prefs')
    await vi.waitFor(() => expect(records()).toHaveLength(13), WAIT_MS)
    const all = records()
    expect(all.map(({ syncCount }) => syncCount)).toEqual(Array.from({ length: 13 }, (_, n) => n + 1))
    const common = { identityPoolId: sync.poolId, identityId: guest.id, dataSetName: 'prefs', payloadType: 'Inline' }
    const at = { syncCount: 1, lastModifiedDate: expect.any(Number) }
    expect(all[0]).toEqual({
      ...common,
      operation: 'replace',
      kinesisSyncRecords: [
        { key: 'a', value: '1', ...at, deviceLastModifiedDate: 1_500_000_000_123, op: 'replace' },
        { key: 'b', value: '2', ...at, deviceLastModifiedDate: null, op: 'replace' },
      ],
      lastModifiedDate: expect.any(Number),
      kinesisSyncRecordsURL: null,
      syncCount: 1,
    })
    expect(all[1].kinesisSyncRecords).toMatchObject([{ key: 'a', value: null, op: 'remove' }])
    expect(all.at(-1)).toMatchObject({ ...common, operation: 'remove', kinesisSyncRecords: [] })
  })

  it('that is turned off gets nothing, and one whose sink takes nothing is turned off', async () => {
    const guest = await sync.guest()
    const device = deviceOf(guest.client, { IdentityPoolId: sync.poolId, IdentityId: guest.id })
    const before = records().length
    await sync.setStream('changes', 'DISABLED')
    await device.push('prefs', [patch('a', '1')])
    await sync.setStream('lost')
    await device.push('prefs', [patch('a', '2', 1)])
    const status = async () =>
      (await sync.admin.send(new GetIdentityPoolConfigurationCommand({ IdentityPoolId: sync.poolId }))).CognitoStreams
    await vi.waitFor(
      async () => expect(await status()).toEqual({ StreamName: 'lost', RoleArn: ROLE, StreamingStatus: 'DISABLED' }),
      WAIT_MS,
    )
    // Until a developer enables it again.
    await sync.setStream('changes')
    await device.push('prefs', [patch('a', '3', 2)])
    await vi.waitFor(() => expect(records()).toHaveLength(before + 1), WAIT_MS)
    expect(records().at(-1)).toMatchObject({ syncCount: 3 })
  })
})

describe.each(engines)('jobs of a stream on %s', (engine) => {
  const parts = useParts(engine)
  const put: StreamRecord[] = []
  let refusal: (record: StreamRecord) => PutFailed | undefined = () => undefined
  const streams = {
    knows: () => true,
    close: async () => undefined,
    async put(record: StreamRecord) {
      const failure = refusal(record)
      if (failure) throw failure
      put.push(record)
    },
  }
  const later = new PutFailed('HTTP 503', 'later')
  const lines: { msg: string }[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const context = () => ({
    database: parts.database,
    clock: parts.clock,
    random: parts.random,
    syncPools: createSyncPools(parts.database, parts.clock),
    streams,
    log,
  })
  let pools = 0
  /** A pool with a stream, and changes of a dataset that are to be brought to it. */
  async function changed(...counts: number[]): Promise<string> {
    put.length = 0
    lines.length = 0
    refusal = () => undefined
    const poolId = `us-east-1:${++pools}`
    const CognitoStreams = { StreamName: 'changes', RoleArn: ROLE, StreamingStatus: 'ENABLED' } as const
    await replaceSyncPool(parts.db, await findSyncPool(parts.db, poolId), { CognitoStreams }, 1)
    for (const count of counts) await add(poolId, count)
    return poolId
  }
  const add = async (poolId: string, syncCount: number, datasetName = 'prefs'): Promise<void> => {
    const now = parts.clock.now()
    const change = {
      identityPoolId: poolId,
      identityId: `${poolId}-identity`,
      datasetName,
      operation: 'replace',
      syncCount,
      updatedAt: now,
      records: [],
    } as const
    for (const job of streamJobs(change, 900_000, now)) await insertJob(parts.db, job)
  }
  const run = async (afterMs = 0): Promise<number[]> => {
    put.length = 0
    parts.clock.advance(afterMs)
    await runDue(parts, streamQueue(context()))
    return put.map(({ body }) => JSON.parse(body).syncCount)
  }
  const MINUTE_MS = 60_000

  it('bring changes of one dataset in their order, whichever is claimed first', async () => {
    await changed(3, 1, 10, 2)
    expect(await run()).toEqual([1, 2, 3, 10])
    expect(put[0]).toMatchObject({ stream: 'changes', partitionKey: expect.stringMatching(/-identity$/) })
    expect(await run(MINUTE_MS)).toEqual([])
  })

  it('hold back what comes after a change that cannot be brought now, and nothing of other datasets', async () => {
    const poolId = await changed(1, 2)
    await add(poolId, 1, 'other')
    refusal = ({ id }) => (id.includes('/prefs/') ? later : undefined)
    expect(await run()).toEqual([1])
    expect(put[0]?.id).toContain('/other/')
    await add(poolId, 3)
    refusal = () => undefined
    expect(await run(MINUTE_MS)).toEqual([1, 2, 3])
  })

  it('go on after the last that was brought when one in between cannot be', async () => {
    await changed(1, 2, 3)
    refusal = ({ body }) => (JSON.parse(body).syncCount === 2 ? later : undefined)
    expect(await run()).toEqual([1])
    refusal = () => undefined
    expect(await run(MINUTE_MS)).toEqual([2, 3])
  })

  it('leave the later ones to the process that has the first', async () => {
    await changed(1, 2)
    const first = await claimDue(parts, streamQueue(context()))
    const second = await claimDue(parts, streamQueue(context()))
    expect([first?.job.id, second?.job.id].map((id) => id?.includes('/0000000000000001/'))).toEqual([true, false])
    put.length = 0
    await streamQueue(context()).run(second?.job as never, second?.lease as never)
    expect(put).toEqual([])
    await streamQueue(context()).run(first?.job as never, first?.lease as never)
    expect(put.map(({ body }) => JSON.parse(body).syncCount)).toEqual([1, 2])
    for (const claim of [first, second]) claim?.lease.release()
    expect(await run(MINUTE_MS)).toEqual([])
  })

  it('go on after a process that died behind the first of them, which comes no second time', async () => {
    await changed(1, 2)
    const dying = await claimDue(parts, streamQueue(context()))
    const lease = dying?.lease as NonNullable<typeof dying>['lease']
    put.length = 0
    refusal = ({ body }) => {
      if (JSON.parse(body).syncCount === 2) throw new Error('the process dies here')
      return undefined
    }
    await expect(streamQueue(context()).run(dying?.job as never, lease)).rejects.toThrow('dies here')
    lease.release()
    expect(put.map(({ body }) => JSON.parse(body).syncCount)).toEqual([1])
    refusal = () => undefined
    expect(await run(MINUTE_MS)).toEqual([2])
  })

  it('leave out a record that is refused for good, and say so', async () => {
    await changed(1, 2)
    refusal = ({ body }) => (JSON.parse(body).syncCount === 1 ? new PutFailed('HTTP 413', 'record') : undefined)
    expect(await run()).toEqual([2])
    expect(lines).toMatchObject([{ msg: 'a record of a stream was given up', reason: 'HTTP 413' }])
  })

  it('give up after a day', async () => {
    await changed(1)
    refusal = () => later
    expect(await run()).toEqual([])
    refusal = () => later
    expect(await run(limits.streamKeptFor.max)).toEqual([])
    refusal = () => undefined
    expect(await run(MINUTE_MS)).toEqual([])
    expect(lines.at(-1)).toMatchObject({ msg: 'a record of a stream was given up' })
  })

  it('turn the stream off when its sink takes nothing any more; what was on its way is lost, as at AWS', async () => {
    const poolId = await changed(1, 2)
    refusal = () => new PutFailed('Kinesis 400 ResourceNotFoundException', 'place')
    expect(await run()).toEqual([])
    expect((await findSyncPool(parts.db, poolId)).settings.CognitoStreams).toEqual({
      StreamName: 'changes',
      RoleArn: ROLE,
      StreamingStatus: 'DISABLED',
    })
    refusal = () => undefined
    expect(await run(MINUTE_MS)).toEqual([])
  })
})
