// AnalyticsConfiguration by the real SDK and the pages: what the project's place of SINKS_FILE is told, and what it is not.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AdminInitiateAuthCommand,
  type AnalyticsConfigurationType,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeFederatedApp, ownProvider } from '../../../test/federated-app.ts'
import { makeClient, makePool, makeUser, PASSWORD, startTestServer, type TestServer } from '../../../test/harness.ts'
import { useLoopbackServer } from '../../../test/loopback-server.ts'
import {
  appIn,
  authorizeUrl,
  makeUser as makePageUser,
  oauthSettings,
  redeem,
  signInByPage,
  tokenCall,
} from '../../../test/oauth.ts'
import { signInAtProvider, useOpenIdProvider } from '../../../test/openid-providers.ts'
import { until } from '../../../test/outbox-parts.ts'
import { Browser } from '../../../test/page-walker.ts'
import { samplesOf, valueIn } from '../../../test/prometheus-text.ts'
import { useStandIn } from '../../../test/push-services.ts'
import { signUpUser } from '../../../test/sign-up.ts'
import type { PinpointBody } from './pinpoint-rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'analytics-'))
const FILE = join(folder, 'events.jsonl')
const project = (letter: string): string => letter.repeat(32)
const arnOf = (letter: string): string => `arn:aws:mobiletargeting:us-east-1:000000000000:apps/${project(letter)}`
const byId = (letter: string, more: Partial<AnalyticsConfigurationType> = {}): AnalyticsConfigurationType => ({
  ApplicationId: project(letter),
  RoleArn: 'arn:aws:iam::000000000000:role/analytics',
  ExternalId: 'external',
  ...more,
})
const ENDPOINT = { AnalyticsMetadata: { AnalyticsEndpointId: 'phone-1' } }
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const posthog = useStandIn()
const segment = useStandIn()
const webhook = useStandIn()
const provider = useOpenIdProvider()
/** Takes requests and answers none. */
const stalled = { asked: 0 }
const stalling = useLoopbackServer(() => void stalled.asked++)
const logged: string[] = []
let server: TestServer
beforeAll(async () => {
  const places = {
    [project('a')]: { file: FILE },
    [arnOf('b')]: { webhook: `${webhook.url}/hook`, key: 'k'.repeat(32) },
    [project('c')]: { posthog: posthog.url, apiKey: 'phc_key' },
    [project('e')]: { posthog: `http://127.0.0.1:${stalling.port}`, apiKey: 'phc_key' },
    [project('d')]: { segment: segment.url, writeKey: 'write-key' },
  }
  const file = join(folder, 'sinks.json')
  writeFileSync(file, JSON.stringify(places))
  server = await startTestServer({
    env: { SINKS_FILE: file, LOG_LEVEL: 'warn', ALLOWED_PRIVATE_HOSTS: '127.0.0.1, localhost' },
    logTo: { write: (line) => void logged.push(line) },
  })
})
afterAll(() => server?.stop())

/** What the file has got since the last call, one record a line. */
let seen = 0
const lines = (): string[] => {
  try {
    return readFileSync(FILE, 'utf8').split('\n').slice(0, -1).slice(seen)
  } catch {
    return []
  }
}
async function records(count: number): Promise<PinpointBody[]> {
  await until(() => lines().length >= count)
  const found = lines()
  seen += found.length
  expect(found).toHaveLength(count)
  return found.map((line) => JSON.parse(line))
}

/** The types of the events of a record, and its endpoints. */
const typesOf = ({ BatchItem }: PinpointBody): [endpoint: string, user: string | undefined, ...types: string[]][] =>
  Object.entries(BatchItem).map(([endpoint, { Endpoint, Events }]) => [
    endpoint,
    Endpoint.User?.UserId,
    ...Object.values(Events).map(({ EventType }) => EventType),
  ])

const signIn = (ClientId: string, USERNAME: string, password = PASSWORD, more = {}) =>
  server.app.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME, PASSWORD: password },
      ...more,
    }),
  )

describe('the operations', () => {
  let pool: string
  let client: string
  beforeAll(async () => {
    pool = (await makePool(server, { AutoVerifiedAttributes: ['email'] })).Id
    client = (await makeClient(server, pool, { AnalyticsConfiguration: byId('a') })).ClientId
  })

  it('tell of a sign-up, its confirmation, a sign-in, a failure, a refresh and a new password', async () => {
    const { UserSub: sub } = await signUpUser(server, client, 'ann', { email: 'ann@example.com' }, ENDPOINT)
    const [signedUp] = await records(1)
    const place = { UserPoolId: pool, ClientId: client }
    const Timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const event = (EventType: string, more = {}) => ({ EventType, Timestamp, Attributes: place, ...more })
    // No attributes: UserDataShared is not set.
    expect(signedUp).toEqual({
      ApplicationId: project('a'),
      BatchItem: {
        'phone-1': {
          Endpoint: { User: { UserId: sub } },
          Events: { [Object.keys(signedUp?.BatchItem['phone-1']?.Events ?? {})[0] ?? '']: event('_userauth.sign_up') },
        },
      },
    })
    // Nobody has proven to be Ann yet: another code tells nothing.
    await server.app.send(new ResendConfirmationCodeCommand({ ClientId: client, Username: 'ann', ...ENDPOINT }))
    const ConfirmationCode = await server.outbox.latestCode('ann@example.com')
    await server.app.send(
      new ConfirmSignUpCommand({ ClientId: client, Username: 'ann', ConfirmationCode, ...ENDPOINT }),
    )
    expect(typesOf((await records(1))[0] as PinpointBody)).toEqual([['phone-1', sub]])

    const { AuthenticationResult } = await signIn(client, 'ann', PASSWORD, ENDPOINT)
    const [signedIn] = await records(1)
    const events = Object.entries(signedIn?.BatchItem['phone-1']?.Events ?? {})
    expect(events.map(([, { EventType }]) => EventType)).toEqual(['_userauth.sign_in', '_session.start'])
    for (const [id] of events) expect(id).toMatch(UUID)
    const [session = ''] = events[1] ?? []
    expect(events[1]?.[1]).toEqual(event('_session.start', { Session: { Id: session, StartTimestamp: Timestamp } }))

    await expect(signIn(client, 'ann', 'wrong-Pass-1', ENDPOINT)).rejects.toThrow()
    await expect(signIn(client, 'nobody', PASSWORD, ENDPOINT)).rejects.toThrow()
    // The user is not named: whoever asked was not that user.
    const failed = await records(2)
    for (const record of failed) expect(typesOf(record)).toEqual([['phone-1', undefined, '_userauth.auth_fail']])

    const REFRESH_TOKEN = AuthenticationResult?.RefreshToken as string
    await server.app.send(
      new InitiateAuthCommand({
        ClientId: client,
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        AuthParameters: { REFRESH_TOKEN },
        ...ENDPOINT,
      }),
    )
    expect(typesOf((await records(1))[0] as PinpointBody)).toEqual([['phone-1', sub, '_session.start']])

    await server.app.send(new ForgotPasswordCommand({ ClientId: client, Username: 'ann', ...ENDPOINT }))
    await server.app.send(
      new ConfirmForgotPasswordCommand({
        ClientId: client,
        Username: 'ann',
        ConfirmationCode: await server.outbox.latestCode('ann@example.com'),
        Password: 'Another-Passw0rd',
        AnalyticsMetadata: { AnalyticsEndpointId: 'tablet' },
      }),
    )
    expect(typesOf((await records(1))[0] as PinpointBody)).toEqual([['tablet', sub]])

    const all = readFileSync(FILE, 'utf8')
    for (const secret of [PASSWORD, 'wrong-Pass-1', ConfirmationCode, REFRESH_TOKEN, 'ann@example.com', 'nobody'])
      expect(all).not.toContain(secret)
  })

  it('take the endpoint of Admin calls and of answers to challenges; without one the user is the endpoint', async () => {
    const sub = await makeUser(server, pool, 'bob')
    await server.admin.send(
      new AdminInitiateAuthCommand({
        UserPoolId: pool,
        ClientId: client,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'bob', PASSWORD },
        ...ENDPOINT,
      }),
    )
    const both = ['_userauth.sign_in', '_session.start'] as const
    expect(typesOf((await records(1))[0] as PinpointBody)).toEqual([['phone-1', sub, ...both]])
    await signIn(client, 'bob')
    expect(typesOf((await records(1))[0] as PinpointBody)).toEqual([[sub, sub, ...both]])
    // An answer to nothing that is known.
    await expect(
      server.app.send(
        new RespondToAuthChallengeCommand({
          ClientId: client,
          ChallengeName: 'SOFTWARE_TOKEN_MFA',
          Session: 'x'.repeat(40),
          ChallengeResponses: { USERNAME: 'bob', SOFTWARE_TOKEN_MFA_CODE: '123456' },
          ...ENDPOINT,
        }),
      ),
    ).rejects.toThrow()
    expect(typesOf((await records(1))[0] as PinpointBody)).toEqual([['phone-1', undefined, '_userauth.auth_fail']])
    // A failure without an endpoint has one of its own, which is nobody's.
    await expect(signIn(client, 'bob', 'wrong-Pass-1')).rejects.toThrow()
    const [[endpoint, user, type]] = typesOf((await records(1))[0] as PinpointBody) as [[string, unknown, string]]
    expect([user, type]).toEqual([undefined, '_userauth.auth_fail'])
    expect(endpoint).toMatch(UUID)
  })

  it.each([
    ['__proto__', true],
    ['', false],
    ['e'.repeat(256), true],
    ['e'.repeat(257), false],
  ])('an endpoint %s is taken as it is: %s', async (AnalyticsEndpointId, taken) => {
    const name = `user-${AnalyticsEndpointId.length}`
    const sub = await makeUser(server, pool, name)
    await signIn(client, name, PASSWORD, { AnalyticsMetadata: { AnalyticsEndpointId } })
    expect(typesOf((await records(1))[0] as PinpointBody)[0]?.[0]).toBe(taken ? AnalyticsEndpointId : sub)
  })

  it('GetTokensFromRefreshToken tells of a session', async () => {
    const rotating = await makeClient(server, pool, {
      AnalyticsConfiguration: byId('a'),
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED' },
    })
    const sub = await makeUser(server, pool, 'cyd')
    const { AuthenticationResult } = await signIn(rotating.ClientId, 'cyd')
    await records(1)
    const RefreshToken = AuthenticationResult?.RefreshToken
    await server.app.send(new GetTokensFromRefreshTokenCommand({ ClientId: rotating.ClientId, RefreshToken }))
    expect(typesOf((await records(1))[0] as PinpointBody)).toEqual([[sub, sub, '_session.start']])
  })
})

describe('UserDataShared', () => {
  it('shares what the client may read, and addresses that are proven', async () => {
    const pool = (await makePool(server)).Id
    const settings = {
      AnalyticsConfiguration: byId('a', { UserDataShared: true }),
      ReadAttributes: ['email', 'name', 'phone_number', 'website'],
    }
    const client = (await makeClient(server, pool, settings)).ClientId
    const sub = await makeUser(server, pool, 'dora', {
      email: 'dora@example.com',
      email_verified: 'true',
      phone_number: '+4915112345678',
      name: 'Dora',
      family_name: 'Secret',
      website: `https://example.com/${'w'.repeat(100)}`,
    })
    await signIn(client, 'dora', PASSWORD, ENDPOINT)
    const [{ BatchItem }] = (await records(1)) as [PinpointBody]
    expect(Object.keys(BatchItem)).toEqual(['phone-1', `${sub}-email`])
    expect(BatchItem['phone-1']?.Endpoint).toEqual({
      User: {
        UserId: sub,
        UserAttributes: { email: ['dora@example.com'], name: ['Dora'], phone_number: ['+4915112345678'] },
      },
    })
    expect(BatchItem[`${sub}-email`]).toEqual({
      Endpoint: { ChannelType: 'EMAIL', Address: 'dora@example.com', User: { UserId: sub } },
      Events: {},
    })
    await expect(signIn(client, 'dora', 'wrong-Pass-1', ENDPOINT)).rejects.toThrow()
    await records(1)
    expect(lines()).toEqual([])
    expect(readFileSync(FILE, 'utf8').split('\n').at(-2)).not.toContain('dora')
  })
})

describe('the login pages and the token endpoint', () => {
  const settings = { AnalyticsConfiguration: byId('a') }
  const both = ['_userauth.sign_in', '_session.start']

  it('tell of a sign-in, a failure and a refresh', async () => {
    const app = await appIn(server, (await makePool(server)).Id, settings)
    const name = await makePageUser(app)
    const { json } = await redeem(app, await signInByPage(app, name))
    const [[sub, user, ...types]] = typesOf((await records(1))[0] as PinpointBody) as [[string, string, ...string[]]]
    expect([sub, types]).toEqual([user, both])
    const refreshed = await tokenCall(app, {
      grant_type: 'refresh_token',
      client_id: app.clientId,
      refresh_token: json['refresh_token'] ?? '',
    })
    expect(refreshed.status).toBe(200)
    expect(typesOf((await records(1))[0] as PinpointBody)).toEqual([[sub, sub, '_session.start']])
    const browser = new Browser()
    const page = await browser.get(authorizeUrl(app))
    await browser.submit(page, { username: name, password: 'wrong-Pass-1' })
    expect(typesOf((await records(1))[0] as PinpointBody)).toEqual([
      [expect.stringMatching(UUID), undefined, '_userauth.auth_fail'],
    ])
  })

  it('tell of a sign-up on the page', async () => {
    const app = await appIn(server, (await makePool(server)).Id, settings)
    const browser = new Browser()
    const page = await browser.get(authorizeUrl(app).href.replace('/oauth2/authorize', '/signup'))
    await browser.submit(page, { username: 'eve', password: PASSWORD })
    const [[sub, user, type]] = typesOf((await records(1))[0] as PinpointBody) as [[string, string, string]]
    expect([sub, type]).toEqual([user, '_userauth.sign_up'])
  })

  it('tell of users of identity providers: a sign-up the first time, and each sign-in', async () => {
    const app = await makeFederatedApp(server, {
      providers: [ownProvider(provider.url)],
      client: { ...oauthSettings, ...settings, SupportedIdentityProviders: ['COGNITO', 'Own'] },
    })
    const enter = () => signInAtProvider(new Browser(), authorizeUrl(app, { identity_provider: 'Own' }))
    await enter()
    const first = await records(2)
    const [[sub]] = typesOf(first[0] as PinpointBody) as [[string, string]]
    expect(first.flatMap(typesOf)).toEqual([
      [sub, sub, '_userauth.sign_up'],
      [sub, sub, ...both],
    ])
    await enter()
    expect((await records(1)).flatMap(typesOf)).toEqual([[sub, sub, ...both]])
  })
})

describe('other places', () => {
  const signUpAt = async (AnalyticsConfiguration: AnalyticsConfigurationType) => {
    const pool = (await makePool(server)).Id
    const client = (await makeClient(server, pool, { AnalyticsConfiguration })).ClientId
    const sub = await makeUser(server, pool, 'fay', { email: 'fay@example.com', name: 'Fay' })
    await signIn(client, 'fay', PASSWORD, ENDPOINT)
    await expect(signIn(client, 'fay', 'wrong-Pass-1', ENDPOINT)).rejects.toThrow()
    return { sub, place: { UserPoolId: pool, ClientId: client } }
  }
  beforeEach(() => {
    for (const one of [posthog, segment, webhook]) one.received.length = 0
  })
  const bodies = (one: { received: { body: Buffer }[] }) => one.received.map(({ body }) => JSON.parse(String(body)))

  it('a webhook gets the bodies of PutEvents, by the ARN of the project', async () => {
    await signUpAt({ ApplicationArn: arnOf('b') })
    await until(() => bodies(webhook).flat().length === 2)
    expect(bodies(webhook).flat()).toMatchObject([{ ApplicationId: project('b') }, { ApplicationId: project('b') }])
    expect(webhook.received[0]?.headers).toMatchObject({ 'cognomen-sink': arnOf('b') })
  })

  it('PostHog gets captured events, and of a user what is shared', async () => {
    const { sub, place } = await signUpAt(byId('c', { UserDataShared: true }))
    await until(() => bodies(posthog).flatMap(({ batch }) => batch).length === 3)
    expect(posthog.received[0]).toMatchObject({ method: 'POST', path: '/batch/' })
    expect(bodies(posthog)[0].api_key).toBe('phc_key')
    const user = { distinct_id: sub, properties: { ...place, endpoint: 'phone-1', $set: { name: 'Fay' } } }
    const nobody = { distinct_id: 'phone-1', properties: { ...place, $process_person_profile: false } }
    const uuid = expect.stringMatching(UUID)
    const timestamp = expect.stringMatching(/Z$/)
    const events = bodies(posthog).flatMap(({ batch }) => batch)
    expect(events).toMatchObject([
      { event: '_userauth.sign_in', uuid, timestamp, ...user },
      { event: '_session.start', uuid, timestamp, ...user },
      { event: '_userauth.auth_fail', uuid, timestamp, ...nobody },
    ])
    expect(events[2].properties).not.toHaveProperty('$set')
  })

  it('Segment gets who the user is and what was done', async () => {
    const { sub, place } = await signUpAt(byId('d', { UserDataShared: true }))
    const messages = () => bodies(segment).flatMap(({ batch }) => batch)
    await until(() => messages().length === 4)
    const { method, path, headers } = segment.received[0] ?? {}
    expect([method, path]).toEqual(['POST', '/v1/batch'])
    expect(headers?.authorization).toBe(`Basic ${Buffer.from('write-key:').toString('base64')}`)
    const user = { userId: sub, anonymousId: 'phone-1' }
    const messageId = expect.stringMatching(UUID)
    expect(messages()).toMatchObject([
      { type: 'identify', ...user, traits: { email: 'fay@example.com', name: 'Fay' } },
      { type: 'track', event: '_userauth.sign_in', ...user, messageId, properties: place },
      { type: 'track', event: '_session.start', ...user, messageId },
      { type: 'track', event: '_userauth.auth_fail', anonymousId: 'phone-1', messageId },
    ])
    expect(messages()[3]).not.toHaveProperty('userId')
    expect(new Set(messages().map((one) => one.messageId)).size).toBe(4)
  })

  it('no sign-in waits for one that stalls', async () => {
    const pool = (await makePool(server)).Id
    const client = (await makeClient(server, pool, { AnalyticsConfiguration: byId('e') })).ClientId
    await makeUser(server, pool, 'gus')
    for (let i = 0; i < 5; i++) await signIn(client, 'gus')
    await until(() => stalled.asked === 1)
    for (let i = 0; i < 5; i++) await signIn(client, 'gus')
    expect(stalled.asked).toBe(1)
  })
})

it('/metrics counts what places got, and what waits for the one that stalls', async () => {
  const samples = samplesOf(await (await fetch(`${server.url}/metrics`)).text())
  const delivered = { place: project('a'), way: 'file', outcome: 'delivered' }
  expect(valueIn(samples, 'cognomen_sink_records_total', delivered)).toBe(seen)
  expect(valueIn(samples, 'cognomen_sink_waiting_records', { place: project('e'), way: 'posthog' })).toBe(10)
})

it('a project that SINKS_FILE does not name is said once, and without a configuration nothing is told', async () => {
  const pool = (await makePool(server)).Id
  logged.length = 0
  const { ClientId } = await makeClient(server, pool, { AnalyticsConfiguration: byId('f') })
  const plain = (await makeClient(server, pool)).ClientId
  await makeUser(server, pool, 'hal')
  for (const client of [ClientId, ClientId, plain]) await signIn(client, 'hal')
  const told = logged.map((line) => JSON.parse(line)).filter((line) => line.settings)
  expect(told).toMatchObject([{ pool, client: ClientId, settings: ['AnalyticsConfiguration'] }])
  expect(lines()).toEqual([])
})
