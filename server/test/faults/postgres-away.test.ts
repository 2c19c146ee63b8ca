// A PostgreSQL that cannot be reached, says nothing, only reads or has no room: what is answered meanwhile, what readiness
// and the log say, and that the server ends when it is told to.
import { setTimeout as sleep } from 'node:timers/promises'
import {
  AdminConfirmSignUpCommand,
  AdminGetUserCommand,
  ListUserPoolsCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type StartedServer, startServer } from '../../../conformance/start-server.ts'
import { adminClient, makePool as makeConformancePool } from '../../../conformance/user-pool.ts'
import { makeClient, makePool, makeUser, PASSWORD, signIn, startTestServer, type TestServer } from '../harness.ts'
import { postgresUrl } from '../postgres.ts'
import { startTcpProxy, type TcpProxy } from '../tcp-proxy.ts'

let url: string
let proxy: TcpProxy
let server: TestServer | undefined
let started: StartedServer | undefined
let log: Record<string, unknown>[]

beforeEach(async () => {
  url = await postgresUrl()
  proxy = await startTcpProxy(url)
  log = []
})

afterEach(async () => {
  await server?.stop()
  await started?.stop()
  server = started = undefined
  await proxy.close().catch(() => undefined)
})

async function start(env: Record<string, string> = {}): Promise<TestServer> {
  server = await startTestServer({
    engine: 'postgres',
    env: { DATABASE_URL: proxy.url, LOG_LEVEL: 'info', ...env },
    logTo: { write: (line) => void log.push(JSON.parse(line)) },
  })
  return server
}

const said = (text: string) => log.filter(({ msg }) => String(msg).includes(text))

/** Name and status of the error that a call ends with, `ok` when it is answered. */
const outcome = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    (error) => `${error.name} ${error.$metadata?.httpStatusCode}`,
  )

const status = async (path: string): Promise<number> => (await fetch(`${server?.url}${path}`)).status

test('while it cannot be reached, every door says 503 in its form; keys and discovery come from memory', async () => {
  const { admin, app, raw, url: address, credentials, region } = await start()
  const { Id } = await makePool(server as TestServer)
  const { ClientId } = await makeClient(server as TestServer, Id)
  const fetched = async (name: string) => (await fetch(`${address}/${Id}/.well-known/${name}`)).json()
  const keys = await fetched('jwks.json')
  const discovery = await fetched('openid-configuration')
  const identityKeys = '/cognito-identity/.well-known/jwks_uri'
  expect(await status(identityKeys)).toBe(200)
  await makeUser(server as TestServer, Id, 'old')
  const { AccessToken } = await signIn(server as TestServer, ClientId, 'old')
  const atGate = () =>
    fetch(`${address}/authorize`, {
      method: 'POST',
      body: JSON.stringify({
        method: 'GET',
        url: 'https://api.example.com/',
        headers: { authorization: `Bearer ${AccessToken}` },
        action: 'shop:Read',
        resource: '*',
      }),
    })
  await proxy.close()

  expect(await outcome(admin.send(new ListUserPoolsCommand({ MaxResults: 1 })))).toBe('ServiceUnavailable 503')
  expect(await outcome(app.send(new SignUpCommand({ ClientId, Username: 'ann', Password: PASSWORD })))).toBe(
    'ServiceUnavailable 503',
  )
  const bare = await raw('SignUp', { ClientId, Username: 'ann', Password: PASSWORD })
  expect([bare.status, bare.json]).toEqual([
    503,
    { __type: 'ServiceUnavailable', message: 'The service is not available for the moment; try again later.' },
  ])
  const iam = new IAMClient({ endpoint: address, region, credentials, maxAttempts: 1 })
  expect(await outcome(iam.send(new ListRolesCommand({})))).toBe('ServiceUnavailable 503')
  iam.destroy()
  expect((await atGate()).status).toBe(503)
  expect(await status('/us-east-1_Unknown00/.well-known/jwks.json')).toBe(503)

  expect(await fetched('jwks.json')).toEqual(keys)
  expect(await fetched('openid-configuration')).toEqual(discovery)
  expect(await status(identityKeys)).toBe(200)
  expect(await status('/health/live')).toBe(200)
  const ready = await fetch(`${address}/health/ready`)
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'database unavailable' }])
  // One line for all of it, with the cause and what to do; requests have their usual line.
  expect(said('the database does not serve')).toEqual([
    expect.objectContaining({
      level: 50,
      advice: expect.stringContaining('Check that PostgreSQL runs and can be reached'),
      cause: expect.stringMatching(/ECONNREFUSED|Connection terminated/),
    }),
  ])
  expect(said('request failed')).toEqual([])

  await proxy.open()
  await app.send(new SignUpCommand({ ClientId, Username: 'ann', Password: PASSWORD }))
  await expect.poll(() => status('/health/ready'), { timeout: 10_000 }).toBe(200)
  const tellsReturn = async () => {
    await status('/health/ready')
    return said('the database serves again').length
  }
  await expect.poll(tellsReturn, { timeout: 10_000 }).toBe(1)
})

test('while it is silent, readiness says so, keys come from memory, and new connections serve again', async () => {
  const { admin, url: address } = await start({
    DATABASE_STATEMENT_TIMEOUT_MS: '500',
    DATABASE_CONNECT_TIMEOUT_MS: '1000',
  })
  const { Id } = await makePool(server as TestServer)
  const jwks = `/${Id}/.well-known/jwks.json`
  expect(await status(jwks)).toBe(200)
  proxy.silenceNew = true
  proxy.silence()
  const calls = Array.from({ length: 20 }, () => outcome(admin.send(new ListUserPoolsCommand({ MaxResults: 1 }))))
  const ready = await fetch(`${address}/health/ready`)
  expect([ready.status, await ready.json()]).toEqual([503, { status: expect.stringMatching(/^database /) }])
  // The cached pool is a second old by now.
  await sleep(1100)
  expect(await status(jwks)).toBe(200)
  expect(new Set(await Promise.all(calls))).toEqual(new Set(['ServiceUnavailable 503']))
  // The old connections stay silent for ever.
  proxy.silenceNew = false
  await expect
    .poll(() => outcome(admin.send(new ListUserPoolsCommand({ MaxResults: 1 }))), { timeout: 15_000 })
    .toBe('ok')
  expect(
    await Promise.all(
      Array.from({ length: 20 }, () => outcome(admin.send(new ListUserPoolsCommand({ MaxResults: 1 })))),
    ),
  ).toEqual(Array(20).fill('ok'))
})

test('while it is silent, the server ends before it would be killed', { timeout: 60_000 }, async () => {
  started = await startServer({ env: { DATABASE_URL: proxy.url } })
  const admin = adminClient(started)
  const { poolId } = await makeConformancePool(admin)
  proxy.silenceNew = true
  proxy.silence()
  const calls = Array.from({ length: 40 }, () =>
    outcome(admin.send(new AdminGetUserCommand({ UserPoolId: poolId, Username: 'ann' }))),
  )
  // Until the requests are on their way.
  while ((await fetch(`${started.url}/health/ready`)).status !== 503);
  const ended = started.terminate()
  // Most that send SIGTERM kill ten seconds later.
  const kill = setTimeout(() => void started?.kill(), 10_000)
  expect(await ended).toEqual({ code: 0, signal: null })
  clearTimeout(kill)
  expect(new Set(await Promise.all(calls))).toEqual(new Set(['ServiceUnavailable 503']))
})

test('when it only reads, reads are served, writes and readiness are not, and the log says why', async () => {
  const { admin, app } = await start()
  const { Id: UserPoolId } = await makePool(server as TestServer)
  const { ClientId } = await makeClient(server as TestServer, UserPoolId)
  await app.send(new SignUpCommand({ ClientId, Username: 'ann', Password: PASSWORD }))
  await admin.send(new AdminConfirmSignUpCommand({ UserPoolId, Username: 'ann' }))
  const other = new pg.Client(url)
  await other.connect()
  const readOnly = async (value: 'on' | 'off') => {
    await other.query(`alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = ${value}`)
    await other.query(
      'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
  }
  await readOnly('on')
  const signUp = (Username: string) => outcome(app.send(new SignUpCommand({ ClientId, Username, Password: PASSWORD })))
  expect(await outcome(admin.send(new AdminGetUserCommand({ UserPoolId, Username: 'ann' })))).toBe('ok')
  expect(await signUp('bob')).toBe('ServiceUnavailable 503')
  expect(await status('/health/ready')).toBe(503)
  expect(said('the database does not serve').map(({ advice }) => advice)).toContainEqual(
    expect.stringContaining('PostgreSQL only reads'),
  )
  await readOnly('off')
  await other.end()
  expect(await signUp('bob')).toBe('ok')
  await expect.poll(() => status('/health/ready'), { timeout: 10_000 }).toBe(200)
})

test.each([
  ['53100', 'The disk of PostgreSQL is full'],
  ['53200', 'PostgreSQL has no memory left'],
  ['58030', 'PostgreSQL has trouble with its disk'],
  ['57014', 'PostgreSQL answers too slowly'],
  ['55P03', 'Somebody holds a lock'],
])('writes that it refuses with %s are answered with 503, and the log says why', async (code, advice) => {
  const { admin, app } = await start()
  const { Id: UserPoolId } = await makePool(server as TestServer)
  const { ClientId } = await makeClient(server as TestServer, UserPoolId)
  const other = new pg.Client(url)
  await other.connect()
  await other.query(`
    create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'not now' using errcode = '${code}'; end $$;
    create trigger refuse before insert or update on users for each row execute function refuse();
    create trigger refuse before insert or update on meta for each row execute function refuse()`)
  const signUp = () => outcome(app.send(new SignUpCommand({ ClientId, Username: 'ann', Password: PASSWORD })))
  expect(await signUp()).toBe('ServiceUnavailable 503')
  expect(await status('/health/ready')).toBe(503)
  expect(await outcome(admin.send(new ListUserPoolsCommand({ MaxResults: 1 })))).toBe('ok')
  expect(said('the database does not serve')).toEqual([
    expect.objectContaining({
      advice: expect.stringContaining(advice),
      cause: 'PostgreSQL: not now',
    }),
  ])
  await other.query('drop trigger refuse on users; drop trigger refuse on meta')
  await other.end()
  expect(await signUp()).toBe('ok')
  await expect.poll(() => status('/health/ready'), { timeout: 10_000 }).toBe(200)
})
