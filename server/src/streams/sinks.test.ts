// Each sink of streams against a stand-in of its service: what it gets, and what its refusals mean.
import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import { afterEach, describe, expect, it } from 'vitest'
import { TestClock } from '../../test/harness.ts'
import { useKafkaBroker } from '../../test/kafka-broker.ts'
import { useStandIn } from '../../test/push-services.ts'
import type { StreamPlace } from '../config/stream-places.ts'
import { PutFailed } from '../sinks/put-failed.ts'
import { createKafkaProducers, loadKafka, putIntoKafka } from './sinks/kafka.ts'
import { createStreams, type Streams } from './streams.ts'

const clock = new TestClock()
const record = {
  id: 'us-east-1:22/stream/prefs/1',
  stream: 'changes',
  partitionKey: 'us-east-1:22',
  body: '{"dataSetName":"prefs"}',
}
let streams: Streams | undefined
afterEach(() => streams?.close())

const put = (place: StreamPlace, body = record.body) => {
  streams = createStreams({ places: [['changes', place]], clock })
  return streams.put({ ...record, body })
}
const refused = async (call: Promise<unknown>, reason: RegExp, refuses: PutFailed['refuses']) => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(PutFailed)
  expect(error).toMatchObject({ reason: expect.stringMatching(reason), refuses })
}

it('a stream that the file does not name takes nothing until it does', async () => {
  streams = createStreams({ places: [], clock })
  expect(streams.knows('changes')).toBe(false)
  await refused(streams.put(record), /STREAMS_FILE does not name the stream/, 'place')
})

describe('Kinesis', () => {
  const kinesis = useStandIn()
  const keys = { accessKeyId: 'AKIAKINESIS', secretAccessKey: 'secret' }
  const place = () => ({ way: 'kinesis', endpoint: kinesis.url, region: 'eu-west-1', ...keys }) as const

  it('gets the record under its key, signed as the SDK signs', async () => {
    kinesis.answer = () => ({ status: 200, body: '{"SequenceNumber":"1","ShardId":"shardId-0"}' })
    await put(place())
    const [request] = kinesis.received
    const sent = JSON.parse(String(request?.body))
    expect(sent).toEqual({
      StreamName: 'changes',
      PartitionKey: 'us-east-1:22',
      Data: Buffer.from(record.body).toString('base64'),
    })
    expect(request).toMatchObject({
      method: 'POST',
      path: '/',
      headers: { 'x-amz-target': 'Kinesis_20131202.PutRecord' },
    })
    const date = String(request?.headers['x-amz-date'])
    const signer = new SignatureV4({ credentials: keys, region: 'eu-west-1', service: 'kinesis', sha256: Sha256 })
    const signingDate = new Date(date.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'))
    const { headers } = await signer.sign(
      {
        method: 'POST',
        protocol: 'http:',
        hostname: '127.0.0.1',
        path: '/',
        headers: {
          host: String(request?.headers.host),
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': 'Kinesis_20131202.PutRecord',
        },
        body: String(request?.body),
      },
      { signingDate, unsignableHeaders: new Set(['x-amz-content-sha256']) },
    )
    const signatureOf = (text: unknown) => /Signature=(\w+)/.exec(String(text))?.[1]
    expect(signatureOf(request?.headers.authorization)).toBe(signatureOf(headers['authorization']))
  })

  it.each([
    ['ResourceNotFoundException', 400, 'place'],
    ['AccessDeniedException', 400, 'place'],
    ['UnrecognizedClientException', 400, 'place'],
    ['com.amazonaws.kinesis.v20131202#ValidationException', 400, 'record'],
    ['ProvisionedThroughputExceededException', 400, 'later'],
    ['InternalFailure', 500, 'later'],
  ] as const)('refuses with %s (%i): %s', async (__type, status, refuses) => {
    kinesis.answer = () => ({ status, body: JSON.stringify({ __type, message: 'no' }) })
    await refused(put(place()), new RegExp(`^Kinesis ${status} ${__type.split('#').at(-1)}$`), refuses)
  })

  it('that is not there is asked again', async () => {
    await refused(put({ ...place(), endpoint: 'http://127.0.0.1:9' }), /ECONNREFUSED/, 'later')
  })
})

describe('a webhook', () => {
  const hook = useStandIn()
  const key = 'k'.repeat(32)
  const place = () => ({ way: 'webhook', url: `${hook.url}/records`, key }) as const

  it('gets the record, signed', async () => {
    await put(place())
    const [request] = hook.received
    expect(String(request?.body)).toBe(record.body)
    expect(request?.headers).toMatchObject({
      'cognomen-stream': 'changes',
      'cognomen-partition-key': record.partitionKey,
      'cognomen-id': record.id,
    })
    const [, time, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request?.headers['cognomen-signature'])) ?? []
    expect(v1).toBe(createHmac('sha256', key).update(`${time}.${record.id}.${record.body}`).digest('hex'))
  })

  it.each([
    [400, 'record'],
    [413, 'record'],
    [403, 'place'],
    [404, 'place'],
    [410, 'place'],
    [429, 'later'],
    [503, 'later'],
  ] as const)('refuses with %i: %s', async (status, refuses) => {
    hook.answer = () => ({ status })
    await refused(put(place()), new RegExp(`^HTTP ${status}$`), refuses)
  })
})

describe('a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sink-'))

  it('gets a line for each record', async () => {
    const file = join(folder, 'changes.jsonl')
    await put({ way: 'file', file }, '{"n":1}')
    await put({ way: 'file', file }, '{"n":2}')
    expect(readFileSync(file, 'utf8')).toBe('{"n":1}\n{"n":2}\n')
  })

  it('in a folder that is not there takes nothing until there is one', async () => {
    await refused(put({ way: 'file', file: join(folder, 'none', 'a') }), /^file ENOENT$/, 'place')
    await refused(put({ way: 'file', file: folder }), /^file EISDIR$/, 'place')
  })
})

describe('Kafka', () => {
  const broker = useKafkaBroker('changes', 'other')
  const place = () =>
    ({ way: 'kafka', brokers: [broker.address], topic: undefined, tls: false, sasl: undefined }) as const

  it('gets the record under its key, in the topic of the stream or another', async () => {
    await put(place())
    const message = { key: record.partitionKey, value: record.body, headers: { 'cognomen-id': record.id } }
    expect(broker.messages).toEqual([{ topic: 'changes', ...message }])
    await streams?.close()
    await put({ ...place(), topic: 'other' })
    expect(broker.messages.at(-1)).toEqual({ topic: 'other', ...message })
  })

  it('without the topic takes nothing until there is one', async () => {
    await refused(put({ ...place(), topic: 'none' }), /^Kafka UNKNOWN_TOPIC_OR_PARTITION$/, 'place')
  })

  it.each([
    [10, 'MESSAGE_TOO_LARGE', 'record'],
    [29, 'TOPIC_AUTHORIZATION_FAILED', 'place'],
    [19, 'NOT_ENOUGH_REPLICAS', 'later'],
  ] as const)('refuses with %i %s: %s', async (code, name, refuses) => {
    broker.refusal = code
    await refused(put(place()), new RegExp(`^Kafka ${name}$`), refuses)
  })

  it('that is not there is asked again', async () => {
    await refused(put({ ...place(), brokers: ['127.0.0.1:9'] }), /^Kafka /, 'later')
  })

  it('without the package beside the server says what to install', async () => {
    const kafka = createKafkaProducers(() => loadKafka('@platformatic/none'))
    const parts = { clock, kafka, closed: new AbortController().signal }
    await refused(putIntoKafka(parts, place(), record), /is not installed beside cognomen: npm install @plat/, 'place')
  })
})
