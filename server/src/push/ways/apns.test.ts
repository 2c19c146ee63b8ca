import { generateKeyPairSync } from 'node:crypto'
import { importSPKI, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { useStandIn } from '../../../test/push-services.ts'
import { data, expectFailure, ID, poke, usePusher } from '../../../test/pushes.ts'
import { collapseKey } from '../poke.ts'

const { clock, sender } = usePusher()
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const keys = {
  private: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  public: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
}

describe('APNs', () => {
  const apple = useStandIn('http2')
  const place = () =>
    ({
      way: 'apns',
      key: keys.private,
      keyId: 'KEY1',
      teamId: 'TEAM1',
      topic: 'com.example',
      endpoint: apple.url,
    }) as const

  it('gets a silent push over HTTP/2, with a token of the team', async () => {
    expect(await sender(place(), 'APNS')('AB01')).toBe('sent')
    const [request] = apple.received
    expect(request).toMatchObject({ method: 'POST', path: '/3/device/ab01' })
    expect(JSON.parse(String(request?.body))).toEqual({ aps: { 'content-available': 1 }, data })
    expect(request?.headers).toMatchObject({
      'apns-id': ID,
      'apns-topic': 'com.example',
      'apns-push-type': 'background',
      'apns-priority': '5',
      'apns-collapse-id': collapseKey(poke),
    })
    const token = String(request?.headers.authorization).replace(/^bearer /, '')
    const { payload, protectedHeader } = await jwtVerify(token, await importSPKI(keys.public, 'ES256'))
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: 'KEY1' })
    expect(payload['iss']).toBe('TEAM1')
  })

  it('sees one token for forty minutes, then another', async () => {
    const send = sender(place(), 'APNS')
    const tokens = async () => {
      await send('ab')
      return apple.received.at(-1)?.headers.authorization
    }
    const first = await tokens()
    clock.advance(35 * 60_000)
    expect(await tokens()).toBe(first)
    clock.advance(6 * 60_000)
    expect(await tokens()).not.toBe(first)
  })

  it.each([
    [410, 'Unregistered'],
    [400, 'BadDeviceToken'],
  ])('says with %i %s that the device is gone', async (status, reason) => {
    apple.answer = () => ({ status, body: JSON.stringify({ reason }) })
    expect(await sender(place(), 'APNS')('ab')).toBe('gone')
  })

  it.each([
    [400, 'PayloadTooLarge', true],
    [429, 'TooManyRequests', false],
    [503, 'ServiceUnavailable', false],
    [403, 'ExpiredProviderToken', false],
  ])('refuses with %i %s; for good: %s', async (status, reason, permanent) => {
    apple.answer = () => ({ status, body: JSON.stringify({ reason }) })
    await expectFailure(sender(place(), 'APNS')('ab'), new RegExp(`^APNs ${status} ${reason}$`), permanent)
  })

  it('gets a new token after it refused one', async () => {
    const send = sender(place(), 'APNS')
    apple.answer = () => ({ status: 403, body: '{"reason":"InvalidProviderToken"}' })
    await expectFailure(send('ab'), /InvalidProviderToken/, false)
    apple.answer = () => ({ status: 200 })
    clock.advance(1000)
    await send('ab')
    const [first, second] = apple.received.map(({ headers }) => headers.authorization)
    expect(second).not.toBe(first)
  })

  it('that is not there is asked again', async () => {
    const nowhere = { ...place(), endpoint: 'http://127.0.0.1:9' }
    await expectFailure(sender(nowhere, 'APNS')('ab'), /^HTTP\/2 ECONNREFUSED$/, false)
  })
})
