// Each way of a push against a stand-in of its service: what is sent, and what becomes of its answers.
import { createDecipheriv, createECDH, createHmac, generateKeyPairSync, hkdfSync, randomBytes } from 'node:crypto'
import { importSPKI, jwtVerify } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'
import { TestClock } from '../../test/harness.ts'
import { useStandIn } from '../../test/push-services.ts'
import { parseHosts } from '../config/allowed-hosts.ts'
import type { PushPlace } from '../config/push-places.ts'
import { DeliveryFailed } from '../effects/effects.ts'
import { createWebClient } from '../effects/web-client.ts'
import { collapseKey, payloadOf } from './poke.ts'
import { createPusher, type Push, type Pusher } from './ways.ts'

const poke = { identityPoolId: 'us-east-1:11', identityId: 'us-east-1:22', datasetName: 'prefs', syncCount: 7 }
const data = {
  source: 'cognito-sync',
  identityPoolId: 'us-east-1:11',
  identityId: 'us-east-1:22',
  datasetName: 'prefs',
  syncCount: '7',
}
const ID = '4f6b1d5e-35a7-4ad9-9c8d-0c4f8f1f5a0e'

const pairOf = (type: 'ec' | 'rsa') => {
  const keys =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    private: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    public: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  }
}

const clock = new TestClock()
const web = createWebClient({
  allowed: parseHosts('') ?? { hasName: () => false, hasAddress: () => false },
  loopback: true,
})
let pusher: Pusher | undefined
afterEach(() => pusher?.close())

/** Node.js leaves out zeros that a number begins with. */
const scalar = (bytes: Buffer): string => Buffer.concat([Buffer.alloc(32 - bytes.length), bytes]).toString('base64url')

const arnOf = (platform: string) => `arn:aws:sns:eu-west-1:000000000000:app/${platform}/one`
/** Pushes to one device by a place; several calls use one pusher. */
function sender(place: PushPlace, platform: string) {
  const applicationArn = arnOf(platform)
  pusher = createPusher({ places: [[applicationArn, place]], clock, web })
  const made = pusher
  return (token: string, more: Partial<Push> = {}) =>
    made.send({ id: ID, applicationArn, platform, token, poke, ...more })
}
const refused = async (call: Promise<unknown>, reason: RegExp, permanent: boolean) => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(DeliveryFailed)
  expect(error).toMatchObject({ reason: expect.stringMatching(reason), permanent })
}

it('an application that the file does not name is told of, and may be named by the next start', async () => {
  pusher = createPusher({ places: [], clock, web })
  expect(pusher.knows(arnOf('GCM'))).toBe(false)
  await refused(
    pusher.send({ id: ID, applicationArn: arnOf('GCM'), platform: 'GCM', token: 't', poke }),
    /does not name/,
    false,
  )
})

describe('APNs', () => {
  const apple = useStandIn('http2')
  const keys = pairOf('ec')
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
    await refused(sender(place(), 'APNS')('ab'), new RegExp(`^APNs ${status} ${reason}$`), permanent)
  })

  it('gets a new token after it refused one', async () => {
    const send = sender(place(), 'APNS')
    apple.answer = () => ({ status: 403, body: '{"reason":"InvalidProviderToken"}' })
    await refused(send('ab'), /InvalidProviderToken/, false)
    apple.answer = () => ({ status: 200 })
    clock.advance(1000)
    await send('ab')
    const [first, second] = apple.received.map(({ headers }) => headers.authorization)
    expect(second).not.toBe(first)
  })

  it('that is not there is asked again', async () => {
    const nowhere = { ...place(), endpoint: 'http://127.0.0.1:9' }
    await refused(sender(nowhere, 'APNS')('ab'), /^HTTP\/2 ECONNREFUSED$/, false)
  })
})

describe('FCM', () => {
  const google = useStandIn()
  const keys = pairOf('rsa')
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
    await refused(sender(place(), 'GCM')('d'), new RegExp(`^FCM ${status}`), permanent)
  })

  it('is asked again when there is no access token', async () => {
    google.answer = () => ({ status: 400, body: '{"error":"invalid_grant"}' })
    await refused(sender(place(), 'GCM')('d'), /^no access token: HTTP 400$/, false)
  })
})

describe('ADM', () => {
  const amazon = useStandIn()
  const place = () =>
    ({
      way: 'adm',
      clientId: 'id',
      clientSecret: 'secret',
      tokenUri: `${amazon.url}/token`,
      endpoint: amazon.url,
    }) as const
  const answerMessages = (status: number, reason?: string) => {
    amazon.answer = ({ path }) =>
      path === '/token'
        ? { status: 200, body: '{"access_token":"Atc","expires_in":3600}' }
        : { status, body: JSON.stringify({ reason }) }
  }

  it('gets a data message with an access token of the client', async () => {
    answerMessages(200)
    expect(await sender(place(), 'ADM')('amzn1.adm/1')).toBe('sent')
    const [asked, request] = amazon.received
    expect(Object.fromEntries(new URLSearchParams(String(asked?.body)))).toEqual({
      grant_type: 'client_credentials',
      scope: 'messaging:push',
      client_id: 'id',
      client_secret: 'secret',
    })
    expect(request).toMatchObject({
      path: '/messaging/registrations/amzn1.adm%2F1/messages',
      headers: { authorization: 'Bearer Atc', 'x-amzn-type-version': 'com.amazon.device.messaging.ADMMessage@1.0' },
    })
    expect(JSON.parse(String(request?.body))).toEqual({
      data,
      consolidationKey: collapseKey(poke),
      expiresAfter: 86_400,
    })
  })

  it.each(['Unregistered', 'InvalidRegistrationId'])('says with %s that the device is gone', async (reason) => {
    answerMessages(400, reason)
    expect(await sender(place(), 'ADM')('d')).toBe('gone')
  })

  it.each([
    [400, 'InvalidData', true],
    [429, 'MaxRateExceeded', false],
    [503, 'ServiceUnavailable', false],
  ])('refuses with %i %s; for good: %s', async (status, reason, permanent) => {
    answerMessages(status, reason)
    await refused(sender(place(), 'ADM')('d'), new RegExp(`^ADM ${status} ${reason}$`), permanent)
  })
})

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
    await refused(sender(place, 'WEBPUSH')(subscription()), new RegExp(`^Web Push ${status}$`), permanent)
  })

  it('is asked at the hosts of its place alone', async () => {
    service.answer = () => ({ status: 201 })
    const outcomes = []
    for (const hosts of [['127.0.0.1'], ['.0.0.1'], ['push.example'], ['0.0.1'], []]) {
      const send = sender({ ...place, hosts }, 'WEBPUSH')
      const accepted = pusher?.accepts(arnOf('WEBPUSH'), subscription())
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

describe('SNS', () => {
  const sns = useStandIn()
  const place = () => ({ way: 'sns', endpoint: sns.url, accessKeyId: 'AKIASNS', secretAccessKey: 'secret' }) as const
  const ENDPOINT = 'arn:aws:sns:eu-west-1:000000000000:endpoint/APNS/one/1'
  const error = (code: string) => `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>`
  const answers = (publish: { status: number; body?: string }) => {
    sns.answer = ({ body }) =>
      String(body).includes('CreatePlatformEndpoint')
        ? { status: 200, body: `<R><EndpointArn>${ENDPOINT}</EndpointArn></R>` }
        : publish
  }
  const formOf = (body: Buffer | undefined) => Object.fromEntries(new URLSearchParams(String(body)))

  it('gets the endpoint of the device once, and a message in the form of its platform, signed', async () => {
    answers({ status: 200 })
    const send = sender(place(), 'APNS')
    await send('ab01')
    await send('ab01')
    expect(sns.received.map(({ body }) => formOf(body)['Action'])).toEqual([
      'CreatePlatformEndpoint',
      'Publish',
      'Publish',
    ])
    expect(formOf(sns.received[0]?.body)).toMatchObject({ PlatformApplicationArn: arnOf('APNS'), Token: 'ab01' })
    const published = formOf(sns.received[1]?.body)
    expect(published).toMatchObject({ TargetArn: ENDPOINT, MessageStructure: 'json', Version: '2010-03-31' })
    const message = JSON.parse(published['Message'] as string)
    expect(JSON.parse(message.APNS)).toEqual({ aps: { 'content-available': 1 }, data })
    expect(JSON.parse(message.default)).toEqual(data)
    expect(sns.received[1]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIASNS\/\d{8}\/eu-west-1\/sns\/aws4_request, SignedHeaders=[^,]*host/,
    )
  })

  it('sends data alone to other platforms', async () => {
    answers({ status: 200 })
    await sender(place(), 'GCM')('t')
    const message = JSON.parse(formOf(sns.received[1]?.body)['Message'] as string)
    expect(JSON.parse(message.GCM)).toEqual({ data })
  })

  it('says that the device is gone when its endpoint is disabled, or the token is none', async () => {
    answers({ status: 400, body: error('EndpointDisabled') })
    expect(await sender(place(), 'GCM')('t')).toBe('gone')
    sns.answer = () => ({ status: 400, body: error('InvalidParameter') })
    expect(await sender(place(), 'GCM')('t')).toBe('gone')
  })

  it('is asked for the endpoint anew when it was deleted', async () => {
    answers({ status: 404, body: error('NotFound') })
    const send = sender(place(), 'GCM')
    await refused(send('t'), /NotFound/, false)
    answers({ status: 200 })
    expect(await send('t')).toBe('sent')
    expect(sns.received.map(({ body }) => formOf(body)['Action'])).toEqual([
      'CreatePlatformEndpoint',
      'Publish',
      'CreatePlatformEndpoint',
      'Publish',
    ])
  })

  it.each([
    [400, 'InvalidParameterValue', true],
    [403, 'AuthorizationError', false],
    [500, 'InternalError', false],
  ])('refuses with %i %s; for good: %s', async (status, code, permanent) => {
    answers({ status, body: error(code) })
    await refused(sender(place(), 'GCM')('t'), new RegExp(`^SNS ${status} ${code}$`), permanent)
  })
})

describe('a webhook', () => {
  const hook = useStandIn()
  const key = 'k'.repeat(32)
  const place = () => ({ way: 'webhook', url: `${hook.url}/push`, key }) as const

  it('gets the device and what changed, signed', async () => {
    expect(await sender(place(), 'GCM')('device-1')).toBe('sent')
    const [request] = hook.received
    expect(JSON.parse(String(request?.body))).toEqual({
      applicationArn: arnOf('GCM'),
      platform: 'GCM',
      token: 'device-1',
      data: { ...data, syncCount: 7 },
    })
    expect(request?.headers).toMatchObject({ 'cognomen-application': arnOf('GCM'), 'cognomen-id': ID })
    const [, time, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request?.headers['cognomen-signature'])) ?? []
    expect(v1).toBe(createHmac('sha256', key).update(`${time}.${ID}.${request?.body}`).digest('hex'))
  })

  it('says with 410 that the device is gone', async () => {
    hook.answer = () => ({ status: 410 })
    expect(await sender(place(), 'GCM')('t')).toBe('gone')
  })

  it.each([
    [400, true],
    [503, false],
  ])('refuses with %i; for good: %s', async (status, permanent) => {
    hook.answer = () => ({ status })
    await refused(sender(place(), 'GCM')('t'), new RegExp(`^webhook ${status}$`), permanent)
  })
})

it('all members of the payload are texts, as old clients read them', () => {
  expect(payloadOf(poke)).toEqual(data)
})
