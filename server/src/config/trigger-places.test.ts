import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { placeOf } from './places.ts'
import { readPlaces } from './trigger-places.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:one'
const given = { webhookKey: undefined, pathOf: (path: string) => `/etc/${path}` }
const KEY = 'k'.repeat(32)

describe('the places of a file', () => {
  const places = readPlaces(
    JSON.stringify({
      'arn:aws:lambda:*:function:o*': { webhook: 'https://hooks.example.com/', key: KEY },
      [ARN]: { lambda: 'http://localhost:9000', function: 'function' },
      'arn:aws:lambda:*': { module: 'all.mjs', handler: 'other' },
    }),
    given,
  )
  it.each([
    [ARN, { way: 'lambda', endpoint: 'http://localhost:9000', functionName: 'function' }],
    [`${ARN}:prod`, { way: 'webhook', url: 'https://hooks.example.com/', key: KEY }],
    [
      'arn:aws:lambda:eu-west-1:0:function:two',
      { way: 'module', file: '/etc/all.mjs', handler: 'other', memoryMb: 128, environment: {} },
    ],
    ['arn:aws:iam::0:role/one', undefined],
    // A dot in a pattern is a dot.
    ['arnXaws:lambda:us-east-1', undefined],
  ])('lead %s to its place: exact ARNs first, then patterns in their order', (arn, place) => {
    expect(placeOf(places, arn)).toEqual(place)
  })
})

it.each([
  ['not JSON', '{', /It is not JSON/],
  ['a list', '[]', /object from ARNs/],
  ['a name', '{"one": {"module": "a"}}', /one: it is neither an ARN nor a pattern/],
  ['no way', `{"${ARN}": {}}`, /one of lambda, webhook and module/],
  ['two ways', `{"${ARN}": {"lambda": "http://a", "module": "a"}}`, /one of lambda, webhook and module/],
  ['a stray setting', `{"${ARN}": {"module": "a", "memory": 1}}`, /memory is no setting of a module/],
  ['no URL', `{"${ARN}": {"lambda": "localhost"}}`, /must be the http or https URL/],
  ['a password in a URL', `{"${ARN}": {"webhook": "https://a:b@c/", "key": "${KEY}"}}`, /http or https URL/],
  ['a webhook without key', `{"${ARN}": {"webhook": "https://c/"}}`, /needs a key of at least 32/],
  ['too much memory', `{"${ARN}": {"module": "a", "memoryMb": 1000000}}`, /memoryMb must be/],
  ['an environment of numbers', `{"${ARN}": {"module": "a", "environment": {"A": 1}}}`, /environment must be/],
])('a file with %s is refused by name', (_, text, problem) => {
  expect(() => readPlaces(text, given)).toThrow(problem)
})

it('a start tells every problem with triggers', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'places-')), 'triggers.json')
  writeFileSync(file, JSON.stringify({ [ARN]: { webhook: 'nowhere' } }))
  const env = {
    TRIGGERS_FILE: file,
    LAMBDA_ENDPOINT: 'https://lambda.us-east-1.amazonaws.com',
    TRIGGER_WEBHOOK_KEY: 'short',
    CUSTOM_SENDER_KEY: 'no key',
  }
  for (const problem of [
    /TRIGGERS_FILE names .*: arn:.*:one: webhook must be/,
    /LAMBDA_ENDPOINT is AWS, so LAMBDA_ACCESS_KEY_ID/,
    /TRIGGER_WEBHOOK_KEY must have at least 32/,
    /CUSTOM_SENDER_KEY must be 32 bytes/,
  ])
    expect(() => readConfig(env)).toThrow(problem)
  expect(() => readConfig({ TRIGGERS_FILE: '/nowhere/triggers.json' })).toThrow(/TRIGGERS_FILE names \/nowhere/)
})
