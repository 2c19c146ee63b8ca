import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { placeOf } from './places.ts'
import { readPushPlaces } from './push-places.ts'

const pem = (key: { privateKey: { export(options: { type: 'pkcs8'; format: 'pem' }): string | Buffer } }): string =>
  key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const files: Readonly<Record<string, string>> = {
  'ec.p8': pem(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  'account.json': JSON.stringify({
    project_id: 'one',
    client_email: 'push@one.example',
    private_key: pem(generateKeyPairSync('rsa', { modulusLength: 2048 })),
    token_uri: 'https://oauth2.example/token',
  }),
}
const given = {
  webhookKey: undefined,
  read: (path: string): string => {
    const text = files[path]
    if (text === undefined) throw new Error('no such file')
    return text
  },
}
const ARN = 'arn:aws:sns:us-east-1:000000000000:app/APNS/app'
const VAPID = {
  publicKey: 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
  privateKey: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw',
}
const read = (entry: unknown, key = ARN) => readPushPlaces(JSON.stringify({ [key]: entry }), given)

describe('the place of an application', () => {
  const key = 'k'.repeat(32)
  it.each([
    [
      { apns: 'ec.p8', keyId: 'K', teamId: 'T', topic: 'com.example' },
      { way: 'apns', key: files['ec.p8'], keyId: 'K', teamId: 'T', topic: 'com.example', endpoint: undefined },
    ],
    [{ fcm: 'account.json' }, { way: 'fcm', projectId: 'one', endpoint: 'https://fcm.googleapis.com' }],
    [
      { adm: 'id', clientSecret: 's' },
      { way: 'adm', clientId: 'id', endpoint: 'https://api.amazon.com' },
    ],
    [
      { webpush: 'mailto:ops@example.com', ...VAPID },
      {
        way: 'webpush',
        contact: 'mailto:ops@example.com',
        ...VAPID,
        hosts: expect.arrayContaining(['fcm.googleapis.com']),
      },
    ],
    [
      { sns: 'https://sns.example', accessKeyId: 'A', secretAccessKey: 'S' },
      { way: 'sns', accessKeyId: 'A' },
    ],
    [
      { webhook: 'https://hooks.example', key },
      { way: 'webhook', url: 'https://hooks.example', key },
    ],
  ])('is read from %j', (entry, place) => {
    expect(placeOf(read(entry, 'arn:aws:sns:*:app/APNS/*'), ARN)).toMatchObject(place)
  })
})

it.each([
  ['a file that is not there', { apns: 'none.p8', keyId: 'K', teamId: 'T', topic: 'x' }, /apns must be the path/],
  ['a key of RSA', { apns: 'account.json', keyId: 'K', teamId: 'T', topic: 'x' }, /apns must be the path/],
  ['no topic', { apns: 'ec.p8', keyId: 'K', teamId: 'T' }, /keyId, teamId and topic/],
  ['an endpoint that is no URL', { fcm: 'account.json', endpoint: 'fcm' }, /endpoint must be/],
  ['no service account', { fcm: 'ec.p8' }, /JSON key of a service account/],
  ['no secret', { adm: 'id' }, /with clientSecret/],
  ['no contact', { webpush: 'ops', ...VAPID }, /mailto/],
  ['a URL for a host', { webpush: 'mailto:a@b', ...VAPID, hosts: ['https://push.example'] }, /list of hosts/],
  ['half a key', { webpush: 'mailto:a@b', ...VAPID, privateKey: 'abc' }, /publicKey and privateKey/],
  ['no credentials', { sns: 'https://sns.example' }, /accessKeyId and secretAccessKey/],
  ['two ways', { sns: 'https://sns.example', fcm: 'account.json' }, /one of apns, fcm, adm/],
  ['a stray setting', { adm: 'id', clientSecret: 's', key: 'k' }, /key is no setting of a adm/],
])('an entry with %s is refused by name', (_, entry, problem) => {
  expect(() => read(entry)).toThrow(problem)
})

it('a start tells what is wrong with the files of pushes and streams', () => {
  const folder = mkdtempSync(join(tmpdir(), 'places-'))
  const file = (name: string, content: unknown): string => {
    writeFileSync(join(folder, name), JSON.stringify(content))
    return join(folder, name)
  }
  const env = {
    PUSH_FILE: file('push.json', { one: { fcm: 'a' } }),
    STREAMS_FILE: file('streams.json', { changes: { kafka: [] } }),
  }
  expect(() => readConfig(env)).toThrow(/PUSH_FILE names .*one: it is neither an ARN/)
  expect(() => readConfig(env)).toThrow(/STREAMS_FILE names .*changes: kafka must be a list of brokers/)
})
