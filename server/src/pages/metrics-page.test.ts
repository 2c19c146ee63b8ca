// /metrics by its front door: figures after known calls, that the text is what Prometheus reads, who may read it, and that no
// client can make a label.
import { readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { DescribeUserPoolCommand, InitiateAuthCommand, SignUpCommand } from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import {
  engines,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  startTestServer,
  type TestServer,
  useTestServer,
} from '../../test/harness.ts'
import { appIn } from '../../test/oauth.ts'
import { until } from '../../test/outbox-parts.ts'
import { postgresUrl } from '../../test/postgres.ts'
import { type Sample, samplesOf, valueIn } from '../../test/prometheus-text.ts'
import { startTcpProxy } from '../../test/tcp-proxy.ts'
import { DeliveryFailed } from '../effects/effects.ts'
import { SLOTS } from '../messages/delivery-queues.ts'
import { limits } from '../metrics/limits.ts'

const TOKEN = 'metrics-token-of-at-least-32-characters'

const read = async (server: Pick<TestServer, 'url'>): Promise<readonly Sample[]> => {
  const answer = await fetch(`${server.url}/metrics`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  return samplesOf(await answer.text())
}

/** A raw request, as fetch lets no test choose the Host header. */
const statusOf = (url: string, headers: Record<string, string>, path = '/metrics'): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    httpRequest({ hostname, port, path, headers }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
      .on('error', reject)
      .end()
  })

describe.each(engines)('on %s', (engine) => {
  const server = useTestServer({ engine })

  it('has the calls, events and messages of each pool, and the state of database and queues', async () => {
    const pool = (await makePool(server)).Id
    const client = (await makeClient(server, pool)).ClientId
    await makeUser(server, pool, 'ann')
    const signIn = (password: string) =>
      server.app.send(
        new InitiateAuthCommand({
          ClientId: client,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'ann', PASSWORD: password },
        }),
      )
    for (let i = 0; i < 3; i++) await signIn(PASSWORD)
    for (let i = 0; i < 2; i++) await expect(signIn('not-it-1')).rejects.toThrow('Incorrect username or password.')
    await expect(
      server.admin.send(new DescribeUserPoolCommand({ UserPoolId: 'us-east-1_Nobody123' })),
    ).rejects.toThrow()
    expect((await server.raw('NoSuchOperation', {})).status).toBe(400)

    const samples = await read(server)
    const requests = (labels: Record<string, string>) => valueIn(samples, 'cognomen_requests_total', labels)
    const at = { service: 'cognito-idp' }
    expect(requests({ ...at, pool, operation: 'InitiateAuth', outcome: 'ok' })).toBe(3)
    expect(requests({ ...at, pool, operation: 'InitiateAuth', outcome: 'NotAuthorizedException' })).toBe(2)
    expect(requests({ ...at, pool, operation: 'AdminCreateUser', outcome: 'ok' })).toBe(1)
    // The pool of a call that makes one is known to nobody before.
    expect(requests({ ...at, pool: 'none', operation: 'CreateUserPool', outcome: 'ok' })).toBe(1)
    const unknownPool = { operation: 'DescribeUserPool', outcome: 'ResourceNotFoundException' }
    expect(requests({ ...at, pool: 'none', ...unknownPool })).toBe(1)
    expect(
      requests({ pool: 'none', service: 'unknown', operation: 'unknown', outcome: 'UnknownOperationException' }),
    ).toBe(1)
    expect(valueIn(samples, 'cognomen_request_duration_seconds_count', { ...at, operation: 'InitiateAuth' })).toBe(5)
    expect(
      valueIn(samples, 'cognomen_request_duration_seconds_sum', { ...at, operation: 'InitiateAuth' }),
    ).toBeGreaterThan(0)
    const events = (event: string) => valueIn(samples, 'cognomen_events_total', { event, pool })
    expect([events('signed-in'), events('sign-in-refused'), events('user-created')]).toEqual([3, 2, 1])
    expect(valueIn(samples, 'cognomen_database_up')).toBe(1)
    expect(valueIn(samples, 'cognomen_info')).toBe(1)
    expect(valueIn(samples, 'cognomen_queue_due_jobs', { queue: 'user-pool-removal' })).toBe(0)
    for (const name of [
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_p99_seconds',
      'process_resident_memory_bytes',
    ])
      expect(valueIn(samples, name)).toBeTypeOf('number')
    // Nothing of who called, and nothing that a caller made up.
    const labels = JSON.stringify(samples.map((sample) => sample.labels))
    for (const text of ['ann', client, 'Nobody123', 'NoSuchOperation', '127.0.0.1']) expect(labels).not.toContain(text)
  })
})

describe.each(engines)('what is sent and what waits (%s)', (engine) => {
  /** E-mails wait until the test lets them go. */
  let release = (): void => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let held = 0
  const server = useTestServer({
    engine,
    effects: {
      sendEmail: async ({ to }) => {
        held++
        await released
        if (to.startsWith('nobody')) throw new DeliveryFailed('there is no such mailbox', true)
      },
    },
  })
  afterAll(() => release())

  it('counts due jobs, tells how long the first has waited, and counts the outcomes of messages', async () => {
    const pool = (await makePool(server, { AutoVerifiedAttributes: ['email'] })).Id
    const client = (await makeClient(server, pool)).ClientId
    const signUp = (name: string) =>
      server.app.send(
        new SignUpCommand({
          ClientId: client,
          Username: name,
          Password: PASSWORD,
          UserAttributes: [{ Name: 'email', Value: `${name}@example.com` }],
        }),
      )
    server.clock.freeze()
    for (let i = 0; i < SLOTS + 1; i++) await signUp(`user-${i}`)
    await signUp('nobody')
    await until(() => held === SLOTS)
    server.clock.advance(5000)
    const waiting = await read(server)
    expect(valueIn(waiting, 'cognomen_queue_due_jobs', { queue: 'EMAIL' })).toBe(2)
    expect(valueIn(waiting, 'cognomen_queue_oldest_due_seconds', { queue: 'EMAIL' })).toBe(5)
    expect(valueIn(waiting, 'cognomen_queue_due_jobs', { queue: 'purge' })).toBe(0)
    expect(valueIn(waiting, 'cognomen_message_attempts_total', { medium: 'EMAIL' })).toBeUndefined()
    release()
    const outcome = async (name: string) =>
      valueIn(await read(server), 'cognomen_message_attempts_total', { medium: 'EMAIL', outcome: name })
    await until(async () => (await outcome('delivered')) === SLOTS + 1 && (await outcome('given-up')) === 1)
  })
})

describe('endpoints of user pools and the gate', () => {
  const server = useTestServer()
  it('are counted by method and path, a refusal by its status', async () => {
    const app = await appIn(server, (await makePool(server)).Id)
    const asked = (path: string, init?: RequestInit) => fetch(`${app.base}${path}`, { redirect: 'manual', ...init })
    await asked('/.well-known/jwks.json')
    await asked('/oauth2/token', { method: 'POST' })
    await asked('/oauth2/token?x=1', { method: 'POST' })
    await asked('/login', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
    await asked('/no/such/page')
    await fetch(`${server.url}/authorize/nginx`)
    const samples = await read(server)
    const requests = (labels: Record<string, string>) => valueIn(samples, 'cognomen_requests_total', labels)
    const of = { pool: app.poolId, service: 'oauth' }
    expect(requests({ ...of, operation: 'GET /.well-known/jwks.json', outcome: 'ok' })).toBe(1)
    expect(requests({ ...of, operation: 'POST /oauth2/token', outcome: '400' })).toBe(2)
    // A page that shows why it was refused, which has a way of its own.
    expect(requests({ ...of, operation: 'POST /login', outcome: '400' })).toBe(1)
    expect(requests({ pool: 'none', service: 'gate', operation: 'authorize', outcome: '403' })).toBe(1)
    expect(JSON.stringify(samples)).not.toContain('such')
  })
})

describe('who may read', () => {
  const development = useTestServer()
  const guarded = useTestServer({ env: { METRICS_TOKEN: TOKEN } })
  let production: TestServer
  let open: TestServer
  beforeAll(async () => {
    production = await startTestServer({ env: { NODE_ENV: 'production', METRICS_TOKEN: TOKEN } })
    open = await startTestServer({ env: { NODE_ENV: 'production' } })
  })
  afterAll(() => Promise.all([production.stop(), open.stop()]))
  const bearer = { authorization: `Bearer ${TOKEN}` }
  const forwarded = { 'x-forwarded-for': '203.0.113.7' }

  const cases: readonly [string, () => TestServer, Record<string, string>, number][] = [
    ['this machine, in development', () => development, {}, 200],
    ['this machine by a name of a page that was bound to it', () => development, { host: 'evil.example' }, 404],
    ['a request that a proxy passed on', () => development, forwarded, 404],
    ['a token where none is set', () => development, { ...forwarded, ...bearer }, 404],
    ['the token, by a proxy', () => guarded, { ...forwarded, ...bearer }, 200],
    ['no token', () => guarded, forwarded, 401],
    ['another token', () => guarded, { ...forwarded, authorization: `Bearer ${TOKEN}x` }, 401],
    ['an empty token', () => guarded, { ...forwarded, authorization: 'Bearer ' }, 401],
    ['this machine, in production', () => open, {}, 404],
    ['this machine, in production, where a token is set', () => production, {}, 401],
    ['the token, in production', () => production, bearer, 200],
  ]
  test.each(cases)('%s', async (_who, server, headers, status) => {
    expect(await statusOf(server().url, headers)).toBe(status)
  })

  it('takes no token that is easily guessed', async () => {
    await expect(startTestServer({ env: { METRICS_TOKEN: 'short' } })).rejects.toThrow(
      /METRICS_TOKEN must be 32 to 512/,
    )
  })
})

it('answers while the database is away, and says so', async () => {
  const url = await postgresUrl()
  const proxy = await startTcpProxy(url)
  const server = await startTestServer({ env: { DATABASE_URL: proxy.url } })
  try {
    await makePool(server)
    await proxy.close()
    const samples = await read(server)
    expect(valueIn(samples, 'cognomen_database_up')).toBe(0)
    expect(samples.filter(({ name }) => name.startsWith('cognomen_queue'))).toEqual([])
    expect(valueIn(samples, 'cognomen_requests_total', { operation: 'CreateUserPool' })).toBe(1)
    await proxy.open()
    await until(async () => valueIn(await read(server), 'cognomen_database_up') === 1)
  } finally {
    await server.stop()
    await proxy.close()
  }
})

it('names as many pools as its limit, and counts the others together', async () => {
  const server = await startTestServer()
  try {
    const call = async (pool: string) => server.admin.send(new DescribeUserPoolCommand({ UserPoolId: pool }))
    for (let i = 0; i <= limits.pools.max; i++) await call((await makePool(server)).Id)
    await call((await makePool(server)).Id)
    const described = (await read(server)).filter(
      ({ name, labels }) => name === 'cognomen_requests_total' && labels['operation'] === 'DescribeUserPool',
    )
    expect(described).toHaveLength(limits.pools.max + 1)
    expect(described.find(({ labels }) => labels['pool'] === 'other')?.value).toBe(2)
  } finally {
    await server.stop()
  }
})

it('is described in full: docs/metrics.md names every metric, and it and the dashboard none that is not there', async () => {
  const server = await startTestServer()
  try {
    const text = await (await fetch(`${server.url}/metrics`)).text()
    const there = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name)
    const [page, dashboard] = ['metrics.md', 'metrics-dashboard.json'].map((file) =>
      readFileSync(new URL(`../../../docs/${file}`, import.meta.url), 'utf8'),
    ) as [string, string]
    const named = (of: string) =>
      [...of.matchAll(/\b(?:cognomen|process|nodejs)_[a-z0-9_]*[a-z0-9]/g)].map(([name]) => name)
    const metric = (name: string) => name.replace(/_bucket$/, '')
    for (const name of there.filter((one) => one.startsWith('cognomen_'))) expect(page).toContain(`| \`${name}\` |`)
    expect(named(dashboard).length).toBeGreaterThan(8)
    for (const name of [...named(page), ...named(dashboard)]) expect(there).toContain(metric(name))
  } finally {
    await server.stop()
  }
})
