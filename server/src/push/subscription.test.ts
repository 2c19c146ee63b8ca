import { createECDH } from 'node:crypto'
import { expect, it } from 'vitest'
import { subscriptionIn } from './subscription.ts'

const browser = createECDH('prime256v1')
const p256dh = browser.generateKeys('base64url')
const auth = Buffer.alloc(16, 7).toString('base64url')
const endpoint = 'https://push.example/1'

it('a PushSubscription is one', () => {
  expect(subscriptionIn(JSON.stringify({ endpoint, expirationTime: null, keys: { p256dh, auth } }))).toEqual({
    endpoint,
    publicKey: browser.getPublicKey(),
    auth: Buffer.alloc(16, 7),
  })
})

it.each([
  ['no JSON', 'push'],
  ['a list', '[]'],
  ['no keys', { endpoint }],
  ['no URL', { endpoint: 'push', keys: { p256dh, auth } }],
  ['another scheme', { endpoint: 'file:///etc/passwd', keys: { p256dh, auth } }],
  ['a point that is not on the curve', { endpoint, keys: { p256dh: Buffer.alloc(65, 4).toString('base64url'), auth } }],
  ['a short secret', { endpoint, keys: { p256dh, auth: 'AAAA' } }],
])('%s is none', (_, value) => {
  expect(subscriptionIn(typeof value === 'string' ? value : JSON.stringify(value))).toBeUndefined()
})
