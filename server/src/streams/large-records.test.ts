// Records that are too large for a stream, against a stand-in of S3 that checks signatures as the SDK makes them.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Sha256 } from '@aws-crypto/sha256-js'
import { BulkPublishCommand, GetIdentityPoolConfigurationCommand } from '@aws-sdk/client-cognito-sync'
import { SignatureV4 } from '@smithy/signature-v4'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { TestClock, useTestServer } from '../../test/harness.ts'
import { useStandIn } from '../../test/push-services.ts'
import { deviceOf, patch } from '../../test/sync.ts'
import { useSyncWorld } from '../../test/sync-pool.ts'
import { presignedUrl } from '../sigv4/presign.ts'
import { limits } from './limits.ts'
import { createStreams, type Streams } from './streams.ts'

const keys = { accessKeyId: 'AKIAS3', secretAccessKey: 'secret' }
const region = 'eu-west-1'
const signer = new SignatureV4({
  credentials: keys,
  region,
  service: 's3',
  sha256: Sha256,
  uriEscapePath: false,
  applyChecksum: false,
})

const folder = mkdtempSync(join(tmpdir(), 'large-records-'))
const s3 = useStandIn()
const largeRecords = () => ({
  endpoint: s3.url,
  region,
  bucket: 'records',
  prefix: 'sync/',
  pathStyle: true,
  ...keys,
})

it('a presigned URL is the one that the SDK makes', async () => {
  const now = Date.UTC(2026, 4, 6, 7, 8, 9)
  const url = new URL('https://records.s3.eu-west-1.amazonaws.com/sync/changes/0a-b_c.~1.json')
  const hashed = 'x-amz-content-sha256'
  const expected = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: url.host,
      path: url.pathname,
      headers: { host: url.host, [hashed]: 'UNSIGNED-PAYLOAD' },
      query: {},
    },
    {
      signingDate: new Date(now),
      expiresIn: 604_800,
      unhoistableHeaders: new Set([hashed]),
      unsignableHeaders: new Set([hashed]),
    },
  )
  const made = new URL(presignedUrl(url, keys, { region, service: 's3' }, now, 604_800))
  expect([made.origin, made.pathname]).toEqual([url.origin, url.pathname])
  expect(Object.fromEntries(made.searchParams)).toEqual(expected.query)
})

describe('a record that is too large', () => {
  const clock = new TestClock()
  let streams: Streams | undefined
  afterEach(() => streams?.close())
  const file = join(folder, 'put.jsonl')
  const put = (value: string, id = 'us-east-1:22/stream/prefs/1'): Promise<void> => {
    streams = createStreams({ places: [['changes', { way: 'file', file, largeRecords: largeRecords() }]], clock })
    const body = JSON.stringify({
      dataSetName: 'prefs',
      kinesisSyncRecords: [{ key: 'k', value }],
      kinesisSyncRecordsURL: null,
      payloadType: 'Inline',
      syncCount: 1,
    })
    return streams.put({ id, stream: 'changes', partitionKey: 'us-east-1:22', body })
  }
  const last = (): Record<string, unknown> => JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1) as string)

  it('goes to an object, signed as the SDK signs, and leaves its address in the stream', async () => {
    const value = 'ü'.repeat(600_000)
    await put(value)
    const [request] = s3.received.splice(0)
    expect(request?.method).toBe('PUT')
    expect(request?.path).toMatch(/^\/records\/sync\/changes\/[0-9a-f]{64}\.json$/)
    expect(JSON.parse(String(request?.body))).toMatchObject({
      kinesisSyncRecords: [{ key: 'k', value }],
      payloadType: 'Inline',
    })
    const date = String(request?.headers['x-amz-date'])
    const { headers } = await signer.sign(
      {
        method: 'PUT',
        protocol: 'http:',
        hostname: '127.0.0.1',
        path: request?.path as string,
        query: {},
        headers: {
          host: String(request?.headers.host),
          'content-type': 'application/json',
          'x-amz-content-sha256': String(request?.headers['x-amz-content-sha256']),
        },
        body: String(request?.body),
      },
      { signingDate: new Date(date.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z')) },
    )
    expect(request?.headers.authorization).toBe(headers['authorization'])
    const { kinesisSyncRecordsURL, ...others } = last()
    expect(others).toEqual({ dataSetName: 'prefs', kinesisSyncRecords: [], payloadType: 'S3Url', syncCount: 1 })
    const url = new URL(kinesisSyncRecordsURL as string)
    expect(`${url.origin}${url.pathname}`).toBe(`${s3.url}${request?.path}`)
    expect(url.searchParams.get('X-Amz-Expires')).toBe('604800')
  })

  it('is the same object at the next try', async () => {
    const value = 'x'.repeat(limits.record.max)
    s3.answer = () => ({ status: 503 })
    await expect(put(value)).rejects.toMatchObject({ reason: 'S3 503', refuses: 'later' })
    s3.answer = () => ({ status: 200 })
    await put(value)
    const [first, second] = s3.received.splice(0)
    expect(second?.path).toBe(first?.path)
  })

  it('stays in the stream when it is not', async () => {
    await put('small')
    expect([s3.received, last()['payloadType']]).toEqual([[], 'Inline'])
  })

  it.each([
    [403, '<Error><Code>AccessDenied</Code></Error>', 'S3 403 AccessDenied', 'place'],
    [404, '<Error><Code>NoSuchBucket</Code></Error>', 'S3 404 NoSuchBucket', 'place'],
    [500, '<Error><Code>InternalError</Code></Error>', 'S3 500 InternalError', 'later'],
  ])('that S3 refuses with %i is refused for as long', async (status, body, reason, refuses) => {
    s3.answer = () => ({ status, body })
    await expect(put('x'.repeat(limits.record.max))).rejects.toMatchObject({ reason, refuses })
    s3.received.splice(0)
  })
})

describe('a pool whose stream has a place for large records', () => {
  const STREAMS_FILE = join(folder, 'streams.json')
  const file = join(folder, 'changes.jsonl')
  const env = { STREAMS_FILE }
  beforeAll(() => {
    const { endpoint, ...others } = largeRecords()
    writeFileSync(file, '')
    writeFileSync(STREAMS_FILE, JSON.stringify({ changes: { file, largeRecords: { s3: endpoint, ...others } } }))
  })
  const server = useTestServer({ env })
  const sync = useSyncWorld(server)
  const records = () =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))

  it('gets one record of a push, however large, and of BulkPublish', async () => {
    const stored = new Map<string, string>()
    s3.answer = ({ path, body }) => {
      stored.set(path, String(body))
      return { status: 200 }
    }
    await sync.setStream('changes')
    const guest = await sync.guest()
    const device = deviceOf(guest.client, { IdentityPoolId: sync.poolId, IdentityId: guest.id })
    const values = { a: 'a'.repeat(500_000), b: 'b'.repeat(500_000) }
    await device.push('prefs', [patch('a', values.a), patch('b', values.b)])
    await vi.waitFor(() => expect(records()).toHaveLength(1), 10_000)
    await sync.admin.send(new BulkPublishCommand({ IdentityPoolId: sync.poolId }))
    await vi.waitFor(() => expect(records()).toHaveLength(2), 10_000)
    for (const record of records()) {
      expect(record).toMatchObject({ dataSetName: 'prefs', payloadType: 'S3Url', kinesisSyncRecords: [], syncCount: 1 })
      const whole = JSON.parse(stored.get(new URL(record.kinesisSyncRecordsURL).pathname) as string)
      expect(whole.kinesisSyncRecords.map(({ key, value }: { key: string; value: string }) => [key, value])).toEqual(
        Object.entries(values),
      )
    }
    expect(stored.size).toBe(2)
  })

  it('is turned off when nobody may write there', async () => {
    s3.answer = () => ({ status: 403 })
    const guest = await sync.guest()
    const device = deviceOf(guest.client, { IdentityPoolId: sync.poolId, IdentityId: guest.id })
    await device.push('prefs', [patch('a', 'x'.repeat(limits.record.max))])
    const status = async () =>
      (await sync.admin.send(new GetIdentityPoolConfigurationCommand({ IdentityPoolId: sync.poolId }))).CognitoStreams
    await vi.waitFor(async () => expect(await status()).toMatchObject({ StreamingStatus: 'DISABLED' }), 10_000)
  })
})
