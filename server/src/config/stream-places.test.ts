import { describe, expect, it } from 'vitest'
import { placeOf } from './places.ts'
import { readStreamPlaces } from './stream-places.ts'

const given = { webhookKey: 'k'.repeat(32), pathOf: (path: string) => `/etc/${path}`, region: 'eu-west-1' }
const read = (entry: unknown, name = 'changes') => readStreamPlaces(JSON.stringify({ [name]: entry }), given)
const keys = { accessKeyId: 'A', secretAccessKey: 'S' }
const bucket = { bucket: 'records', ...keys }

describe('the place of a stream', () => {
  it.each([
    [
      { kinesis: 'https://kinesis.example', ...keys },
      { way: 'kinesis', endpoint: 'https://kinesis.example', region: 'eu-west-1', ...keys },
    ],
    [
      { kinesis: 'http://localhost:4566', region: 'us-east-1', ...keys },
      { way: 'kinesis', region: 'us-east-1' },
    ],
    [
      { kafka: ['one:9092', 'two:9092'] },
      { way: 'kafka', brokers: ['one:9092', 'two:9092'], topic: undefined, tls: false },
    ],
    [
      { kafka: ['one:9092'], tls: true, sasl: { mechanism: 'PLAIN', username: 'u', password: 'p' } },
      { tls: true, sasl: { mechanism: 'PLAIN', username: 'u', password: 'p' } },
    ],
    [{ webhook: 'https://hooks.example' }, { way: 'webhook', url: 'https://hooks.example', key: given.webhookKey }],
    [{ file: 'changes.jsonl' }, { way: 'file', file: '/etc/changes.jsonl' }],
    [
      {
        kinesis: 'https://kinesis.example',
        ...keys,
        largeRecords: { s3: 'https://s3.eu-west-1.amazonaws.com', ...bucket },
      },
      {
        way: 'kinesis',
        largeRecords: {
          endpoint: 'https://s3.eu-west-1.amazonaws.com',
          region: 'eu-west-1',
          prefix: '',
          pathStyle: false,
          ...bucket,
        },
      },
    ],
    [
      {
        kafka: ['one:9092'],
        largeRecords: { s3: 'http://minio:9000', prefix: 'a/b.c/', region: 'us-east-1', ...bucket },
      },
      { largeRecords: { endpoint: 'http://minio:9000', region: 'us-east-1', prefix: 'a/b.c/', pathStyle: true } },
    ],
  ])('is read from %j', (entry, place) => {
    expect(placeOf(read(entry, 'ch*'), 'changes')).toMatchObject(place)
    expect(placeOf(read(entry), 'others')).toBeUndefined()
  })
})

it.each([
  ['no credentials', { kinesis: 'https://kinesis.example' }, /accessKeyId and secretAccessKey/],
  ['a broker without port', { kafka: ['one'] }, /list of brokers/],
  [
    'an unknown mechanism',
    { kafka: ['one:1'], sasl: { mechanism: 'X', username: 'u', password: 'p' } },
    /sasl must have/,
  ],
  ['an empty path', { file: '' }, /file must be the path/],
  ['no bucket', { file: 'a', largeRecords: { s3: 'http://minio:9000', ...keys } }, /needs bucket/],
  ['no S3 API', { file: 'a', largeRecords: bucket }, /largeRecords: s3 must be/],
  [
    'a folder above',
    { file: 'a', largeRecords: { s3: 'http://a', ...bucket, prefix: '../' } },
    /largeRecords: prefix must be/,
  ],
  ['a setting that is none', { file: 'a', largeRecords: { s3: 'http://a', ...bucket, acl: 'x' } }, /acl is no setting/],
  ['a text for large records', { file: 'a', largeRecords: 's3://a' }, /largeRecords: it must be an object/],
  ['no way', {}, /one of kinesis, kafka, webhook and file/],
])('an entry with %s is refused by name', (_, entry, problem) => {
  expect(() => read(entry)).toThrow(problem)
})

it('a key that no stream can be called is refused', () => {
  expect(() => read({ file: 'a' }, 'a/b')).toThrow(/neither the name of a stream/)
})
