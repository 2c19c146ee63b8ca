import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BulkPublishCommand, GetBulkPublishDetailsCommand } from '@aws-sdk/client-cognito-sync'
import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { useParts } from '../../../test/parts.ts'
import { runDue } from '../../../test/queue-runs.ts'
import { deviceOf, patch } from '../../../test/sync.ts'
import { ROLE, useSyncWorld } from '../../../test/sync-pool.ts'
import { type Dataset, insertDataset } from '../../datasets/dataset-store.ts'
import { putRecords } from '../../datasets/record-store.ts'
import { findSyncPool, replaceSyncPool } from '../../datasets/sync-pool-store.ts'
import { insertJob } from '../../jobs/job-store.ts'
import { PutFailed } from '../../sinks/put-failed.ts'
import type { StreamRecord } from '../../streams/sink.ts'
import { createSyncPools } from '../configuration/sync-pools.ts'
import { bulkJob, bulkQueue } from './bulk-queue.ts'

const folder = mkdtempSync(join(tmpdir(), 'bulk-'))
const DAY_MS = 24 * 60 * 60 * 1000

describe.each(engines)('BulkPublish on %s', (engine) => {
  const STREAMS_FILE = join(folder, `${engine}.json`)
  const file = join(folder, `${engine}.jsonl`)
  writeFileSync(STREAMS_FILE, JSON.stringify({ changes: { file }, lost: { file: join(folder, 'none', 'a') } }))
  appendFileSync(file, '')
  const server = useTestServer({ engine, env: { STREAMS_FILE } })
  const sync = useSyncWorld(server)
  const publish = () => sync.admin.send(new BulkPublishCommand({ IdentityPoolId: sync.poolId }))
  const details = async () => {
    const { $metadata: _, ...answer } = await sync.admin.send(
      new GetBulkPublishDetailsCommand({ IdentityPoolId: sync.poolId }),
    )
    return answer
  }
  const ended = () =>
    vi.waitFor(async () => {
      const answer = await details()
      expect(answer.BulkPublishStatus).not.toBe('IN_PROGRESS')
      return answer
    })
  const records = () =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))

  it('needs a stream that is enabled', async () => {
    const message = 'The stream of the identity pool is not enabled.'
    await expectRefusal(publish(), 'InvalidParameterException', message)
    await sync.setStream('changes', 'DISABLED')
    await expectRefusal(publish(), 'InvalidParameterException', message)
    expect(await details()).toEqual({ IdentityPoolId: sync.poolId, BulkPublishStatus: 'NOT_STARTED' })
  })

  it('publishes every dataset that there is, once a day', async () => {
    await sync.setStream('changes', 'DISABLED')
    const guests = await Promise.all(Array.from({ length: 3 }, () => sync.guest()))
    for (const { id, client } of guests) {
      const device = deviceOf(client, { IdentityPoolId: sync.poolId, IdentityId: id })
      await device.push('prefs', [patch('a', '1'), patch('gone', 'x')])
      await device.push('prefs', [patch('gone', undefined, 1)])
      await device.push('deleted', [patch('a', '1')])
      await device.delete('deleted')
    }
    await sync.setStream('changes')
    const { $metadata: _, ...answer } = await publish()
    expect(answer).toEqual({ IdentityPoolId: sync.poolId })
    expect(await ended()).toEqual({
      IdentityPoolId: sync.poolId,
      BulkPublishStatus: 'SUCCEEDED',
      BulkPublishStartTime: expect.any(Date),
      BulkPublishCompleteTime: expect.any(Date),
    })
    expect(
      records()
        .map(({ identityId }) => identityId)
        .sort(),
    ).toEqual(guests.map(({ id }) => id).sort())
    expect(records()[0]).toMatchObject({
      identityPoolId: sync.poolId,
      dataSetName: 'prefs',
      operation: 'replace',
      kinesisSyncRecords: [{ key: 'a', value: '1', op: 'replace' }],
      syncCount: 2,
    })
    const again = 'A bulk publish of the identity pool succeeded within the last 24 hours.'
    await expectRefusal(publish(), 'AlreadyStreamedException', again)
    server.clock.advance(DAY_MS)
    await publish()
    await ended()
    expect(records()).toHaveLength(6)
    server.clock.advance(DAY_MS)
  })

  it('fails when its sink takes nothing, says why, and may be asked again', async () => {
    await sync.setStream('lost')
    await publish()
    expect(await ended()).toMatchObject({ BulkPublishStatus: 'FAILED', FailureMessage: 'file ENOENT' })
    await sync.setStream('changes')
    await publish()
    expect(await ended()).toMatchObject({ BulkPublishStatus: 'SUCCEEDED' })
  })

  it.each([
    { operation: 'BulkPublish', command: (IdentityPoolId: string) => new BulkPublishCommand({ IdentityPoolId }) },
    {
      operation: 'GetBulkPublishDetails',
      command: (IdentityPoolId: string) => new GetBulkPublishDetailsCommand({ IdentityPoolId }),
    },
  ])('$operation is for developers, and for pools that exist', async ({ command }) => {
    const { client } = await sync.guest()
    await expectRefusal(client.send(command(sync.poolId) as BulkPublishCommand), 'NotAuthorizedException')
    const unknown = command(`${server.region}:00000000-0000-0000-0000-000000000000`) as BulkPublishCommand
    await expectRefusal(sync.admin.send(unknown), 'ResourceNotFoundException')
  })
})

describe.each(engines)('the job of a BulkPublish on %s', (engine) => {
  const parts = useParts(engine)
  const put: string[] = []
  let refusal: (record: StreamRecord) => PutFailed | undefined = () => undefined
  const streams = {
    knows: () => true,
    close: async () => undefined,
    async put(record: StreamRecord) {
      const failure = refusal(record)
      if (failure) throw failure
      put.push(JSON.parse(record.body).dataSetName)
    },
  }
  const context = () => ({
    database: parts.database,
    clock: parts.clock,
    syncPools: createSyncPools(parts.database, parts.clock),
    streams,
    log: pino({ level: 'silent' }),
  })
  let pools = 0
  async function started(...names: string[]): Promise<string> {
    put.length = 0
    refusal = () => undefined
    const poolId = `us-east-1:${++pools}`
    const startedAt = parts.clock.now()
    const settings = {
      CognitoStreams: { StreamName: 'changes', RoleArn: ROLE, StreamingStatus: 'ENABLED' },
      bulk: { status: 'IN_PROGRESS', startedAt },
    } as const
    await replaceSyncPool(parts.db, await findSyncPool(parts.db, poolId), settings, 1)
    for (const name of names) await insertDataset(parts.db, datasetOf(poolId, name))
    await insertJob(parts.db, bulkJob(poolId, startedAt))
    return poolId
  }
  const datasetOf = (poolId: string, name: string): Dataset => ({
    identityId: `${poolId}-identity`,
    name,
    poolId,
    homeId: `${poolId}-identity`,
    datasetId: name,
    live: true,
    syncCount: 1,
    deletedSyncCount: 0,
    mergedFrom: '',
    createdAt: 1,
    updatedAt: 1,
    modifiedBy: 'me',
    storage: 0,
    recordCount: 0,
    tombstoneCount: 0,
  })
  const bulkOf = async (poolId: string) => (await findSyncPool(parts.db, poolId)).settings.bulk

  it('goes on where a process stopped', async () => {
    const poolId = await started('a', 'b', 'c', 'd')
    await runDue(parts, bulkQueue(context()), 2)
    expect(put).toEqual(['a', 'b'])
    expect(await bulkOf(poolId)).toEqual({ status: 'IN_PROGRESS', startedAt: expect.any(Number) })
    await runDue(parts, bulkQueue(context()))
    expect(put).toEqual(['a', 'b', 'c', 'd'])
    expect(await bulkOf(poolId)).toEqual({
      status: 'SUCCEEDED',
      startedAt: expect.any(Number),
      completedAt: expect.any(Number),
    })
  })

  it('brings a large dataset in parts', async () => {
    const poolId = await started()
    const dataset = datasetOf(poolId, 'large')
    await insertDataset(parts.db, dataset)
    const record = { syncCount: 1, updatedAt: 1, modifiedBy: 'me', deviceUpdatedAt: undefined }
    const values = Array.from({ length: 3 }, (_, n) => ({ ...record, key: `k${n}`, value: '"'.repeat(300_000) }))
    await putRecords(parts.db, dataset, values)
    await runDue(parts, bulkQueue(context()))
    expect(put).toEqual(['large', 'large', 'large'])
  })

  it('leaves out what is refused for good', async () => {
    const poolId = await started('a', 'b')
    refusal = ({ body }) => (body.includes('"a"') ? new PutFailed('HTTP 413', 'record') : undefined)
    await runDue(parts, bulkQueue(context()))
    expect(put).toEqual(['b'])
    expect(await bulkOf(poolId)).toMatchObject({ status: 'SUCCEEDED' })
  })

  it('tries again what cannot be brought now, and goes on there', async () => {
    const poolId = await started('a', 'b')
    refusal = ({ body }) => (body.includes('"b"') ? new PutFailed('HTTP 503', 'later') : undefined)
    await expect(runDue(parts, bulkQueue(context()))).rejects.toThrow('HTTP 503')
    expect(await bulkOf(poolId)).toMatchObject({ status: 'IN_PROGRESS' })
    refusal = () => undefined
    parts.clock.advance(60_000)
    await runDue(parts, bulkQueue(context()))
    expect(put).toEqual(['a', 'b'])
  })

  it('says nothing of a later one', async () => {
    const poolId = await started('a')
    const pool = await findSyncPool(parts.db, poolId)
    const later = { status: 'IN_PROGRESS', startedAt: parts.clock.now() + 1 } as const
    await replaceSyncPool(parts.db, pool, { ...pool.settings, bulk: later }, 1)
    await runDue(parts, bulkQueue(context()))
    expect(await bulkOf(poolId)).toEqual(later)
  })

  it('ends when the stream is turned off meanwhile', async () => {
    const poolId = await started('a')
    const pool = await findSyncPool(parts.db, poolId)
    await replaceSyncPool(parts.db, pool, { ...pool.settings, CognitoStreams: { StreamingStatus: 'DISABLED' } }, 1)
    await runDue(parts, bulkQueue(context()))
    expect(await bulkOf(poolId)).toMatchObject({ status: 'FAILED', failure: 'The stream is not enabled any more.' })
  })
})
