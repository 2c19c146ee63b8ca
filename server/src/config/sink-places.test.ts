import { describe, expect, it } from 'vitest'
import { placeOf } from './places.ts'
import { readSinkPlaces } from './sink-places.ts'

const given = { webhookKey: 'k'.repeat(32), pathOf: (path: string) => `/etc/${path}`, region: 'eu-west-1' }
const GROUP = 'arn:aws:logs:eu-west-1:000000000000:log-group:/pools/one'
const read = (entry: unknown, name = GROUP) => readSinkPlaces(JSON.stringify({ [name]: entry }), given)
const keys = { accessKeyId: 'A', secretAccessKey: 'S' }

describe('the place of a sink', () => {
  it.each([
    [{ file: 'a.jsonl' }, { way: 'file', file: '/etc/a.jsonl' }],
    [{ stdout: true }, { way: 'stdout' }],
    [
      { otlp: 'http://localhost:4318/v1/logs', headers: { 'X-Scope-OrgID': 'me' } },
      { way: 'otlp', url: 'http://localhost:4318/v1/logs', headers: { 'x-scope-orgid': 'me' } },
    ],
    [
      { cloudwatch: 'https://logs.eu-west-1.amazonaws.com', ...keys },
      { way: 'cloudwatch', region: 'eu-west-1', ...keys, group: undefined, stream: undefined },
    ],
    [
      { s3: 'https://s3.us-east-1.amazonaws.com', region: 'us-east-1', ...keys, prefix: 'a/b/' },
      { way: 's3', region: 'us-east-1', prefix: 'a/b/', pathStyle: false, bucket: undefined },
    ],
    [
      { s3: 'http://localhost:9000', ...keys, bucket: 'logs' },
      { pathStyle: true, bucket: 'logs', prefix: '' },
    ],
    [
      { firehose: 'http://localhost:4566', ...keys, stream: 'activity' },
      { way: 'firehose', stream: 'activity' },
    ],
    [
      { posthog: 'https://eu.i.posthog.com', apiKey: 'phc_1' },
      { way: 'posthog', url: 'https://eu.i.posthog.com/batch/', apiKey: 'phc_1' },
    ],
    [
      { segment: 'https://api.segment.io/', writeKey: 'key' },
      { way: 'segment', url: 'https://api.segment.io/v1/batch', writeKey: 'key' },
    ],
    [{ webhook: 'https://hooks.example' }, { way: 'webhook', url: 'https://hooks.example', key: given.webhookKey }],
  ])('is read from %j', (entry, place) => {
    expect(placeOf(read(entry), GROUP)).toMatchObject(place)
    expect(placeOf(read(entry, 'arn:aws:logs:*'), GROUP)).toMatchObject(place)
    expect(placeOf(read(entry), `${GROUP}-other`)).toBeUndefined()
  })
})

it.each([
  ['no way', {}, /one of file, stdout, otlp, cloudwatch, s3, firehose, webhook, posthog and segment/],
  ['stdout that is false', { stdout: false }, /stdout must be true/],
  ['a header that breaks the line', { otlp: 'http://x/v1/logs', headers: { a: 'b\r\nc' } }, /headers must be/],
  ['no credentials', { cloudwatch: 'https://logs.example' }, /accessKeyId and secretAccessKey/],
  ['a group that is none', { cloudwatch: 'https://logs.example', ...keys, group: 'a b' }, /name of a log group/],
  ['a prefix that leads elsewhere', { s3: 'https://s3.example', ...keys, prefix: '../' }, /prefix must be/],
  ['a bucket that is none', { s3: 'https://s3.example', ...keys, bucket: 'A/B' }, /name of a bucket/],
  ['no key of PostHog', { posthog: 'https://eu.i.posthog.com' }, /posthog needs apiKey/],
  ['no key of Segment', { segment: 'https://api.segment.io' }, /segment needs writeKey/],
  ['a stray member', { file: 'a', region: 'x' }, /region is no setting of a file/],
])('an entry with %s is refused by name', (_, entry, problem) => {
  expect(() => read(entry)).toThrow(problem)
})

it('keys are ARNs, ids of projects, and patterns', () => {
  for (const name of ['*', 'arn:aws:s3:::bucket', '0123456789abcdef0123456789abcdef', 'arn:aws:*'])
    expect(() => read({ stdout: true }, name)).not.toThrow()
  expect(() => read({ stdout: true }, 'my logs')).toThrow(/neither an ARN/)
})
