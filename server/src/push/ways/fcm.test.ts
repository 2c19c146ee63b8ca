import { generateKeyPairSync } from 'node:crypto'
import { importSPKI, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { useStandIn } from '../../../test/push-services.ts'
import { data, expectFailure, poke, usePusher } from '../../../test/pushes.ts'
import { collapseKey } from '../poke.ts'

const { clock, sender } = usePusher()
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const keys = {
  private: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  public: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
}

describe('FCM', () => {
  const google = useStandIn()
  const place = () =>
    ({
      way: 'fcm',
      projectId: 'project-1',
      clientEmail: 'push@one.example',
      key: keys.private,
      tokenUri: `${google.url}/token`,
      endpoint: google.url,
    }) as const
  const answerMessages = (status: number, body: unknown) => {
    google.answer = ({ path }) =>
      path === '/token'
        ? { status: 200, body: '{"access_token":"ya29","expires_in":3600}' }
        : { status, body: JSON.stringify(body) }
  }

  it('gets a data message with an access token, which is asked for once', async () => {
    answerMessages(200, { name: 'projects/project-1/messages/1' })
    const send = sender(place(), 'GCM')
    expect(await send('device-1')).toBe('sent')
    expect(await send('device-2')).toBe('sent')
    const [asked, first, second] = google.received
    const form = new URLSearchParams(String(asked?.body))
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
    const { payload } = await jwtVerify(form.get('assertion') as string, await importSPKI(keys.public, 'RS256'), {
      audience: `${google.url}/token`,
      issuer: 'push@one.example',
      currentDate: new Date(clock.now()),
    })
    expect(payload['scope']).toBe('https://www.googleapis.com/auth/firebase.messaging')
    expect(first).toMatchObject({
      path: '/v1/projects/project-1/messages:send',
      headers: { authorization: 'Bearer ya29' },
    })
    expect(JSON.parse(String(first?.body))).toEqual({
      message: { token: 'device-1', data, android: { collapse_key: collapseKey(poke), ttl: '86400s' } },
    })
    expect(second?.path).toBe(first?.path)
  })

  const fcmError = (status: number, ...details: unknown[]) => ({ error: { code: status, details } })
  it.each([
    [404, fcmError(404, { errorCode: 'UNREGISTERED' })],
    [400, fcmError(400, { errorCode: 'INVALID_ARGUMENT' }, { fieldViolations: [{ field: 'message.token' }] })],
  ])('says with %i that the device is gone', async (status, body) => {
    answerMessages(status, body)
    expect(await sender(place(), 'GCM')('d')).toBe('gone')
  })

  it.each([
    [400, fcmError(400, { errorCode: 'INVALID_ARGUMENT' }), true],
    [404, {}, true],
    [429, fcmError(429, { errorCode: 'QUOTA_EXCEEDED' }), false],
    [500, {}, false],
    [401, {}, false],
  ])('refuses with %i and %j; for good: %s', async (status, body, permanent) => {
    answerMessages(status, body)
    await expectFailure(sender(place(), 'GCM')('d'), new RegExp(`^FCM ${status}`), permanent)
  })

  it('is asked again when there is no access token', async () => {
    google.answer = () => ({ status: 400, body: '{"error":"invalid_grant"}' })
    await expectFailure(sender(place(), 'GCM')('d'), /^no access token: HTTP 400$/, false)
  })
})
