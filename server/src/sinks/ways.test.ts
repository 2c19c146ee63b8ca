// Each way of sinks against a stand-in of what it writes to, which checks what the real one would.
import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, renameSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import { afterEach, describe, expect, it } from 'vitest'
import { TestClock } from '../../test/harness.ts'
import { type Received, useStandIn } from '../../test/push-services.ts'
import { cloudWatchLogs, firehoseApi, keys, REGION, s3Api } from '../../test/sink-services.ts'
import type { SinkPlace } from '../config/sink-places.ts'
import { systemRandom } from '../effects/random.ts'
import { createSinks, type Sinks } from './sinks.ts'

const clock = new TestClock()
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const GROUP = 'arn:aws:logs:eu-west-1:000000000000:log-group:/pools/one:*'
const STREAM = 'arn:aws:firehose:eu-west-1:000000000000:deliverystream/activity'
const BUCKET = 'arn:aws:s3:::logs-of-pools'

let sinks: Sinks | undefined
afterEach(() => sinks?.close())

const open = (name: string, place: SinkPlace, writeOut?: (text: string) => Promise<void>): Sinks => {
  sinks = createSinks({
    places: [[name, place]],
    clock,
    random: systemRandom(),
    log: log as never,
    stopTimeMs: 100,
    ...(writeOut && { writeOut }),
  })
  return sinks
}
const add = (name: string, ...bodies: object[]) => {
  for (const body of bodies) sinks?.add(name, { at: clock.now(), body })
}
const counts = () => sinks?.counts()[0]

describe('a file', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'sink-')), 'activity.jsonl')

  it('gets a line for each record, also after it was rotated, and only its owner reads it', async () => {
    const one = open(GROUP, { way: 'file', file })
    add(GROUP, { n: 1 }, { n: 2, text: 'a\nb' })
    await one.send()
    expect(readFileSync(file, 'utf8')).toBe('{"n":1}\n{"n":2,"text":"a\\nb"}\n')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    renameSync(file, `${file}.1`)
    add(GROUP, { n: 3 })
    await one.send()
    expect(readFileSync(file, 'utf8')).toBe('{"n":3}\n')
  })

  it('of several processes has whole lines', async () => {
    const shared = `${file}.shared`
    const writers = Array.from({ length: 3 }, () =>
      createSinks({
        places: [[GROUP, { way: 'file', file: shared }]],
        clock,
        random: systemRandom(),
        log: log as never,
      }),
    )
    for (let n = 0; n < 6000; n++)
      writers[n % 3]?.add(GROUP, { at: clock.now(), body: { n, text: 'x'.repeat(n % 500) } })
    await Promise.all(writers.map((writer) => writer.close()))
    const lines = readFileSync(shared, 'utf8').trimEnd().split('\n')
    expect(new Set(lines.map((line) => (JSON.parse(line) as { n: number }).n)).size).toBe(6000)
  })

  it('in a folder that is not there keeps what waits', async () => {
    const one = open(GROUP, { way: 'file', file: join(file, 'none') })
    add(GROUP, { n: 1 })
    await one.send()
    expect(counts()).toEqual({ place: GROUP, way: 'file', delivered: 0, waiting: 1, dropped: 0 })
  })
})

it('standard output gets a line for each record', async () => {
  const written: string[] = []
  const one = open(GROUP, { way: 'stdout' }, async (text) => void written.push(text))
  add(GROUP, { n: 1 }, { n: 2 })
  await one.send()
  expect(written).toEqual(['{"n":1}\n{"n":2}\n'])
})

describe('a collector of OTLP', () => {
  const collector = useStandIn()
  const place = () =>
    ({ way: 'otlp', url: `${collector.url}/v1/logs`, headers: { authorization: 'Basic eA==' } }) as const

  it('gets log records with time and severity', async () => {
    const one = open(GROUP, place())
    one.add(GROUP, { at: 1_700_000_000_123, body: { logLevel: 'ERROR', n: 1 } })
    one.add(GROUP, { at: 1_700_000_000_124, body: { n: 2 } })
    await one.send()
    const [request] = collector.received
    expect(request).toMatchObject({ method: 'POST', path: '/v1/logs', headers: { authorization: 'Basic eA==' } })
    const { resourceLogs } = JSON.parse(String(request?.body))
    expect(resourceLogs[0].resource.attributes).toContainEqual({
      key: 'service.name',
      value: { stringValue: 'cognomen' },
    })
    expect(resourceLogs[0].scopeLogs[0].logRecords).toMatchObject([
      {
        timeUnixNano: '1700000000123000000',
        severityNumber: 17,
        severityText: 'ERROR',
        body: { stringValue: '{"logLevel":"ERROR","n":1}' },
      },
      { timeUnixNano: '1700000000124000000', severityNumber: 9, severityText: 'INFO' },
    ])
    expect(counts()).toMatchObject({ delivered: 2 })
  })

  it('that rejects some says how many, and they are not sent again', async () => {
    collector.answer = () => ({ status: 200, body: '{"partialSuccess":{"rejectedLogRecords":"1"}}' })
    const one = open(GROUP, place())
    add(GROUP, { n: 1 }, { n: 2 })
    await one.send()
    expect(counts()).toMatchObject({ delivered: 1, dropped: 1, waiting: 0 })
  })
})

describe('CloudWatch Logs', () => {
  const server = useStandIn()
  const place = () =>
    ({ way: 'cloudwatch', endpoint: server.url, region: REGION, ...keys, group: undefined, stream: 'one' }) as const

  it('gets events in the order of time, in a stream that is made for them', async () => {
    const logs = cloudWatchLogs(clock.now, '/pools/one')
    server.answer = logs.answer
    const one = open(GROUP, place())
    const now = clock.now()
    one.add(GROUP, { at: now, body: { n: 2 } })
    one.add(GROUP, { at: now - 5, body: { n: 1 } })
    await one.send()
    add(GROUP, { n: 3 })
    await one.send()
    expect(logs.messages()).toEqual(['{"n":1}', '{"n":2}', '{"n":3}'])
    expect(logs.operations).toEqual(['PutLogEvents', 'CreateLogStream', 'PutLogEvents', 'PutLogEvents'])
    expect(counts()).toMatchObject({ delivered: 3, waiting: 0, dropped: 0 })
  })

  it('gets no more than it takes in a request: of records, of bytes, of hours', async () => {
    const logs = cloudWatchLogs(clock.now, '/pools/one')
    server.answer = logs.answer
    const one = open(GROUP, place())
    for (let n = 0; n < 12_000; n++) add(GROUP, { n })
    add(GROUP, ...Array.from({ length: 7 }, (_, n) => ({ n, text: 'ä'.repeat(100_000) })))
    one.add(GROUP, { at: clock.now() - 90_000_000, body: { yesterday: true } })
    await one.send()
    clock.advance(10_000)
    await one.send()
    expect(counts()).toMatchObject({ delivered: 12_008, waiting: 0, dropped: 0 })
    expect(new Set(logs.messages()).size).toBe(12_008)
    expect(logs.refused).toEqual([])
  })

  it('counts what it takes no more, for its age', async () => {
    server.answer = cloudWatchLogs(clock.now, '/pools/one').answer
    const one = open(GROUP, place())
    one.add(GROUP, { at: clock.now() - 20 * 86_400_000, body: {} })
    await one.send()
    add(GROUP, {})
    await one.send()
    expect(counts()).toMatchObject({ delivered: 1, dropped: 1 })
  })

  it('without the log group keeps what waits until there is one', async () => {
    server.answer = cloudWatchLogs(clock.now).answer
    const one = open(GROUP, place())
    add(GROUP, { n: 1 })
    await one.send()
    expect(counts()).toMatchObject({ waiting: 1, dropped: 0 })
    const logs = cloudWatchLogs(clock.now, '/pools/one')
    server.answer = logs.answer
    clock.advance(10_000)
    await one.send()
    expect(logs.messages()).toEqual(['{"n":1}'])
  })
})

describe('Firehose', () => {
  const server = useStandIn()
  const place = () => ({ way: 'firehose', endpoint: server.url, region: REGION, ...keys, stream: undefined }) as const

  it('gets lines, at most 500 and 4 MiB in a request', async () => {
    const api = firehoseApi()
    server.answer = api.answer
    const one = open(STREAM, place())
    for (let n = 0; n < 501; n++) add(STREAM, { n })
    add(STREAM, ...Array.from({ length: 5 }, (_, n) => ({ n, text: 'x'.repeat(999_000) })))
    await one.send()
    expect(api.lines.length).toBe(506)
    expect(api.lines[0]).toBe('{"n":0}\n')
    expect(api.batches[0]).toEqual({ stream: 'activity', records: 500 })
    expect(counts()).toMatchObject({ delivered: 506, dropped: 0 })
  })

  it('gets those again that it did not take, and those alone', async () => {
    let slow = true
    const api = firehoseApi((line) => slow && line.includes('"n":1'))
    server.answer = api.answer
    const one = open(STREAM, place())
    add(STREAM, { n: 0 }, { n: 1 }, { n: 2 })
    await one.send()
    expect(counts()).toMatchObject({ delivered: 2, waiting: 1 })
    slow = false
    await one.send()
    expect(counts()).toMatchObject({ waiting: 1 })
    clock.advance(10_000)
    await one.send()
    expect(api.lines).toEqual(['{"n":0}\n', '{"n":2}\n', '{"n":1}\n'])
    expect(counts()).toMatchObject({ delivered: 3, waiting: 0, dropped: 0 })
  })
})

describe('S3', () => {
  const server = useStandIn()
  const place = () =>
    ({
      way: 's3',
      endpoint: server.url,
      region: REGION,
      ...keys,
      bucket: undefined,
      prefix: 'cognomen/',
      pathStyle: true,
    }) as const

  it('gets an object a minute, called by its time', async () => {
    const api = s3Api('logs-of-pools')
    server.answer = api.answer
    const one = open(BUCKET, place())
    add(BUCKET, { n: 1 })
    await one.send()
    expect(api.objects.size).toBe(0)
    add(BUCKET, { n: 2 })
    clock.advance(60_000)
    const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/')
    await one.send()
    const [[path, body] = []] = [...api.objects]
    expect(await signedBySdk(server.received[0])).toBe(signatureOf(server.received[0]?.headers.authorization))
    expect(path).toMatch(new RegExp(`^/logs-of-pools/cognomen/${day}/\\d\\d/\\d{8}T\\d{6}Z-[0-9a-f-]{36}\\.jsonl$`))
    expect(body).toBe('{"n":1}\n{"n":2}\n')
  })

  it('gets the same object when a try is doubled, and what waits at a stop', async () => {
    const api = s3Api('logs-of-pools')
    let lost = true
    server.answer = (request) => {
      const answer = api.answer(request)
      if (!lost) return answer
      lost = false
      return { status: 503 }
    }
    const one = open(BUCKET, place())
    add(BUCKET, { n: 1 })
    clock.advance(60_000)
    await one.send()
    clock.advance(10_000)
    await one.send()
    add(BUCKET, { n: 2 })
    await one.close()
    expect([...api.objects.values()]).toEqual(['{"n":1}\n', '{"n":2}\n'])
    expect(counts()).toMatchObject({ delivered: 2, dropped: 0 })
  })

  it('without the bucket keeps what waits', async () => {
    server.answer = s3Api().answer
    const one = open(BUCKET, place())
    add(BUCKET, { n: 1 })
    clock.advance(60_000)
    await one.send()
    expect(counts()).toMatchObject({ waiting: 1, dropped: 0 })
  })
})

const signatureOf = (text: unknown) => /Signature=(\w+)/.exec(String(text))?.[1]

/** The signature that the SDK makes for the same PUT to S3, which encodes a path once. */
async function signedBySdk(request: Received | undefined): Promise<string | undefined> {
  const signer = new SignatureV4({
    credentials: keys,
    region: REGION,
    service: 's3',
    sha256: Sha256,
    uriEscapePath: false,
  })
  const date = String(request?.headers['x-amz-date'])
  const { headers } = await signer.sign(
    {
      method: 'PUT',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: String(request?.path),
      headers: { host: String(request?.headers.host), 'content-type': 'application/x-ndjson' },
      body: request?.body,
    },
    { signingDate: new Date(date.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z')) },
  )
  return signatureOf(headers['authorization'])
}

describe('a webhook', () => {
  const hook = useStandIn()
  const key = 'k'.repeat(32)
  const place = () => ({ way: 'webhook', url: `${hook.url}/logs`, key }) as const

  it('gets a signed array of records', async () => {
    const one = open(GROUP, place())
    add(GROUP, { n: 1 }, { n: 2 })
    await one.send()
    const [request] = hook.received
    expect(String(request?.body)).toBe('[{"n":1},{"n":2}]')
    expect(request?.headers).toMatchObject({ 'cognomen-sink': GROUP, 'content-type': 'application/json' })
    const id = String(request?.headers['cognomen-id'])
    const [, time, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request?.headers['cognomen-signature'])) ?? []
    expect(v1).toBe(createHmac('sha256', key).update(`${time}.${id}.${request?.body}`).digest('hex'))
  })

  it('that refuses a record gets the others of its batch', async () => {
    const taken: number[] = []
    hook.answer = ({ body }) => {
      const records = JSON.parse(String(body)) as { n: number }[]
      if (records.some(({ n }) => n === 37)) return { status: 400 }
      taken.push(...records.map(({ n }) => n))
      return { status: 200 }
    }
    const one = open(GROUP, place())
    for (let n = 0; n < 100; n++) add(GROUP, { n })
    await one.send()
    expect(taken).toEqual(Array.from({ length: 100 }, (_, n) => n).filter((n) => n !== 37))
    expect(counts()).toMatchObject({ delivered: 99, dropped: 1, waiting: 0 })
    expect(hook.received.length).toBeLessThan(25)
  })

  it('gets a batch under the same id at every try', async () => {
    hook.answer = () => ({ status: 503 })
    const one = open(GROUP, place())
    add(GROUP, { n: 1 })
    await one.send()
    add(GROUP, { n: 2 })
    clock.advance(10_000)
    await one.send()
    const [first, second] = hook.received
    expect(second?.headers['cognomen-id']).toBe(first?.headers['cognomen-id'])
    expect(String(second?.body)).toBe('[{"n":1}]')
  })
})

it.each([
  ['cloudwatch', { group: undefined, stream: undefined }, /no group/],
  ['firehose', { stream: undefined }, /no stream/],
  ['s3', { bucket: undefined, prefix: '', pathStyle: true }, /no bucket/],
] as const)('%s does not guess where the records of another name go', async (way, more, reason) => {
  const told: object[] = []
  const place = { way, endpoint: 'http://127.0.0.1:9', region: REGION, ...keys, ...more } as SinkPlace
  sinks = createSinks({
    places: [['abcdef0123', place]],
    clock,
    random: systemRandom(),
    log: { ...log, warn: (line: object) => void told.push(line) } as never,
  })
  add('abcdef0123', { n: 1 })
  clock.advance(60_000)
  await sinks.send()
  expect(told).toEqual([expect.objectContaining({ reason: expect.stringMatching(reason) })])
  expect(counts()).toMatchObject({ waiting: 1 })
})
