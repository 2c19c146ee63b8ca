import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { useStandIn } from '../../../test/push-services.ts'
import { arnOf, data, expectFailure, poke, usePusher } from '../../../test/pushes.ts'
import { collapseKey } from '../poke.ts'

const { sender } = usePusher()
/** Node.js leaves out zeros that a number begins with. */
const scalar = (bytes: Buffer): string => Buffer.concat([Buffer.alloc(32 - bytes.length), bytes]).toString('base64url')

describe('Web Push', () => {
  const service = useStandIn()
  const vapid = createECDH('prime256v1')
  vapid.generateKeys()
  const browser = createECDH('prime256v1')
  browser.generateKeys()
  const auth = randomBytes(16)
  const place = {
    way: 'webpush',
    contact: 'mailto:ops@example.com',
    publicKey: vapid.getPublicKey('base64url'),
    privateKey: scalar(vapid.getPrivateKey()),
    hosts: ['*'],
  } as const
  const subscription = (endpoint = `${service.url}/push/1`) =>
    JSON.stringify({
      endpoint,
      expirationTime: null,
      keys: { p256dh: browser.getPublicKey('base64url'), auth: auth.toString('base64url') },
    })

  /** What a browser makes of a body (RFC 8188 2.1, RFC 8291 3). */
  function opened(body: Buffer): string {
    const salt = body.subarray(0, 16)
    const sender = body.subarray(21, 21 + (body[20] as number))
    const sealed = body.subarray(21 + (body[20] as number))
    const derive = (secret: Uint8Array, from: Uint8Array, info: Buffer, length: number) =>
      Buffer.from(hkdfSync('sha256', secret, from, info, length))
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), sender])
    const secret = derive(browser.computeSecret(sender), auth, info, 32)
    const key = derive(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
    const nonce = derive(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
    const decipher = createDecipheriv('aes-128-gcm', key, nonce)
    decipher.setAuthTag(sealed.subarray(-16))
    const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
    expect(padded.at(-1)).toBe(2)
    return padded.subarray(0, -1).toString()
  }

  it('gets a message that the browser alone can read', async () => {
    service.answer = () => ({ status: 201 })
    expect(await sender(place, 'WEBPUSH')(subscription())).toBe('sent')
    const [request] = service.received
    expect(request).toMatchObject({
      method: 'POST',
      path: '/push/1',
      headers: { 'content-encoding': 'aes128gcm', ttl: '86400', topic: collapseKey(poke) },
    })
    expect(request?.headers.authorization).toMatch(/^vapid t=[\w.-]+, k=/)
    expect(JSON.parse(opened(request?.body as Buffer))).toEqual(data)
  })

  it.each([404, 410])('says with %i that the subscription is gone', async (status) => {
    service.answer = () => ({ status })
    expect(await sender(place, 'WEBPUSH')(subscription())).toBe('gone')
  })

  it.each([
    [413, true],
    [429, false],
    [502, false],
  ])('refuses with %i; for good: %s', async (status, permanent) => {
    service.answer = () => ({ status })
    await expectFailure(sender(place, 'WEBPUSH')(subscription()), new RegExp(`^Web Push ${status}$`), permanent)
  })

  it('is asked at the hosts of its place alone', async () => {
    service.answer = () => ({ status: 201 })
    const outcomes = []
    for (const hosts of [['127.0.0.1'], ['.0.0.1'], ['push.example'], ['0.0.1'], []]) {
      const send = sender({ ...place, hosts }, 'WEBPUSH')
      const accepted = send.accepts(arnOf('WEBPUSH'), subscription())
      outcomes.push([accepted, await send(subscription())])
    }
    const [yes, no] = [
      [true, 'sent'],
      [false, 'gone'],
    ]
    expect(outcomes).toEqual([yes, yes, no, no, no])
    expect(service.received).toHaveLength(2)
  })

  // A client says where a subscription is: it must not lead into the operator's network.
  it.each(['https://10.0.0.1/push', 'https://169.254.169.254/latest', 'http://example.com/push', 'not a subscription'])(
    'is not asked at %s: such a subscription is gone',
    async (endpoint) => {
      expect(await sender(place, 'WEBPUSH')(subscription(endpoint))).toBe('gone')
      expect(service.received).toEqual([])
    },
  )
})
