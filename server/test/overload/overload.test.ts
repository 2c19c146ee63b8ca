// Ten times more expensive work than the server can do at once: what is too much is refused, everything else stays quick,
// memory stays flat, and afterwards nothing is left of it (threat 49). The server is a process of its own.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type StartedServer, startServer } from '../../../conformance/start-server.ts'
import { type Answer, call } from '../refusals/raw-request.ts'
import {
  beginSrp,
  makePool,
  makeUsers,
  medianOf,
  must,
  type Pool,
  refresh,
  residentMegabytes,
  runClients,
  signIn,
} from './load.ts'

const LOAD_MS = process.env['COGNOMEN_LONG'] === undefined ? 4000 : 600_000
// One worker holds sixteen jobs and 64 wait: this is ten times as many at once.
const PASSWORD_CLIENTS = 530
const SRP_CLIENTS = 270
const REFRESH_CLIENTS = 100
/** Of what is done for as many clients as fit, this much must be left in the flood. It is nearly all on an idle machine. */
const LEAST_SHARE = 0.1
/** However slow the machine is: not tight, but far below what waiting for the load would take. */
const QUICK_MS = 2500

let server: StartedServer
let pool: Pool
let tokens: { AccessToken: string; RefreshToken: string }
beforeAll(async () => {
  server = await startServer({ env: { CRYPTO_WORKERS: '1' } })
  pool = await makePool(server)
  await makeUsers(server, pool, PASSWORD_CLIENTS)
  const { AuthenticationResult } = (await signIn(server, pool, 0)).json
  tokens = AuthenticationResult as typeof tokens
}, 120_000)
afterAll(() => server?.stop())

const getUser = (): Promise<Answer> => call(server, 'GetUser', { AccessToken: tokens.AccessToken })
const describePool = (): Promise<Answer> =>
  call(server, 'DescribeUserPool', { UserPoolId: pool.UserPoolId }, { sign: true })

test(
  'at ten times capacity',
  async () => {
    const idle = {
      getUser: await medianOf(getUser, (calls) => calls >= 30),
      describe: await medianOf(describePool, (calls) => calls >= 30),
    }
    const clients = [
      ...Array.from({ length: PASSWORD_CLIENTS }, (_, i) => () => signIn(server, pool, i)),
      ...Array.from({ length: SRP_CLIENTS }, (_, i) => () => beginSrp(server, pool, i)),
      ...Array.from({ length: REFRESH_CLIENTS }, () => () => refresh(server, pool, tokens.RefreshToken)),
    ]
    // As much as fits, first: connections, caches and compiled code are there then.
    const fitting = await runClients(
      clients.filter((_, at) => at % 12 === 0),
      2000,
    )
    const before = residentMegabytes(server.pid)

    let over = false
    let most = 0
    const load = runClients(clients, LOAD_MS).finally(() => {
      over = true
    })
    const memory = (async (): Promise<void> => {
      while (!over) {
        most = Math.max(most, residentMegabytes(server.pid))
        await sleep(250)
      }
    })()
    const [beside, besideSigned] = await Promise.all([
      medianOf(getUser, () => over),
      medianOf(describePool, () => over),
    ])
    const { counts, perSecond } = await load
    await memory

    // Nothing but success and the one refusal: no lockout, no failure, no lost connection.
    expect([...counts.keys()].sort()).toEqual(['400 TooManyRequestsException', 'ok'])
    expect(Math.min(...perSecond), `successes in each second: ${perSecond}`).toBeGreaterThan(0)
    const successes = (counts.get('ok') ?? 0) / LOAD_MS
    expect(successes, `${successes} a millisecond`).toBeGreaterThan(
      (LEAST_SHARE * (fitting.counts.get('ok') ?? 0)) / 2000,
    )
    expect(beside).toBeLessThan(Math.max(QUICK_MS, 10 * idle.getUser))
    expect(besideSigned).toBeLessThan(Math.max(QUICK_MS, 10 * idle.describe))
    expect(most - before, `resident memory from ${before} to ${most} MB`).toBeLessThan(60)
    expect(server.output()).not.toContain('"level":50')
  },
  LOAD_MS + 60_000,
)

test('and then everything is as before: nobody is locked, nothing waits', async () => {
  for (let user = 0; user < PASSWORD_CLIENTS; user += 11) {
    const { status, json } = await signIn(server, pool, user)
    expect({ user, status, error: json.__type }).toEqual({ user, status: 200, error: undefined })
  }
  expect((await refresh(server, pool, tokens.RefreshToken)).status).toBe(200)
  expect((await must(server, 'GetUser', { AccessToken: tokens.AccessToken }, false))['Username']).toBe('u0')
})
