// Ten times more expensive work than the server takes on at once: what is too much is refused, everything else
// overtakes it, memory stays flat, and afterwards nothing is left of it (docs/reference/threats.md 49). The server is a
// process of its own. Nothing here depends on how fast the machine is: what counts is who is answered, how, and before
// whom. bench/ measures how fast.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type StartedServer, startServer } from '../../../conformance/start-server.ts'
import { type Answer, call } from '../refusals/raw-request.ts'
import {
  answersOf,
  beginSrp,
  type Load,
  makePool,
  makeUsers,
  must,
  overwhelm,
  type Pool,
  refresh,
  refusalsOf,
  residentMegabytes,
  signIn,
  startClients,
} from './load.ts'

const SUCCESSES = process.env['COGNOMEN_LONG'] === undefined ? 3 : 600
// 64 of these calls are worked on and 512 wait (api/limits.ts).
const PASSWORD_CLIENTS = 530
const SRP_CLIENTS = 270
const REFRESH_CLIENTS = 100
const LIGHT_CALLS = 40

let server: StartedServer
let pool: Pool
let tokens: { AccessToken: string; RefreshToken: string }
beforeAll(async () => {
  // V8's space for young objects would grow with what arrives at once, by 40 MB on Node.js 20 and 80 on 24.
  server = await startServer({ env: { CRYPTO_WORKERS: '1', NODE_OPTIONS: '--max-semi-space-size=8' } })
  pool = await makePool(server)
  await makeUsers(server, pool, PASSWORD_CLIENTS)
  const { AuthenticationResult } = (await signIn(server, pool, 0)).json
  tokens = AuthenticationResult as typeof tokens
}, 120_000)
afterAll(() => server?.stop())

const getUser = (): Promise<Answer> => call(server, 'GetUser', { AccessToken: tokens.AccessToken })
const describePool = (): Promise<Answer> =>
  call(server, 'DescribeUserPool', { UserPoolId: pool.UserPoolId }, { sign: true })
const costly = [
  ...Array.from({ length: PASSWORD_CLIENTS }, (_, i) => () => signIn(server, pool, i)),
  ...Array.from({ length: SRP_CLIENTS }, (_, i) => () => beginSrp(server, pool, i)),
  ...Array.from({ length: REFRESH_CLIENTS }, () => () => refresh(server, pool, tokens.RefreshToken)),
]

test('at ten times capacity everybody is served who tries again, and nobody is told anything but to do so', async () => {
  const served = (successes: number): boolean => successes >= SUCCESSES && refusalsOf(load) > 0
  // Connections beyond what may wait to be accepted would arrive one by one.
  await Promise.all(costly.map(getUser))
  // The same once before: caches, compiled code and V8's heap are there then.
  await startClients(costly, (successes) => successes >= 1).done
  const before = residentMegabytes(server.pid)
  let most = 0
  let over = false
  const load: Load = startClients(costly, served)
  const finished = load.done.finally(() => {
    over = true
  })
  await overwhelm(server, load, 1)
  while (!over) {
    most = Math.max(most, residentMegabytes(server.pid))
    await sleep(100)
  }
  await finished
  // No lockout, no failure, no lost connection; and it was too much.
  expect([...load.counts.keys()].sort()).toEqual(['400 TooManyRequestsException', 'ok'])
  expect(load.counts.get('ok')).toBeGreaterThanOrEqual(costly.length * SUCCESSES)
  expect(most - before, `resident memory from ${before} to ${most} MB`).toBeLessThan(60)
  expect(server.output()).not.toContain('"level":50')
}, 900_000)

test.each([
  ['with a token', getUser],
  ['that is signed', describePool],
])(
  'meanwhile a call %s is never refused, and overtakes the costly ones that wait',
  async (_, light) => {
    let over = false
    const load = startClients(costly, () => over)
    await overwhelm(server, load, costly.length)
    const answeredBefore: number[] = []
    for (let calls = 0; calls < LIGHT_CALLS; calls++) {
      const before = answersOf(load)
      const { status, text } = await light()
      expect(status, text).toBe(200)
      expect(load.waiting).toBeGreaterThan(0)
      answeredBefore.push(answersOf(load) - before)
    }
    over = true
    await load.done
    answeredBefore.sort((x, y) => x - y)
    // Behind all of them, one round of answers to everybody would come first.
    expect(answeredBefore[LIGHT_CALLS / 2]).toBeLessThan(costly.length)
  },
  120_000,
)

test('and then everything is as before: nobody is locked, nothing waits', async () => {
  for (let user = 0; user < PASSWORD_CLIENTS; user += 11) {
    const { status, json } = await signIn(server, pool, user)
    expect({ user, status, error: json.__type }).toEqual({ user, status: 200, error: undefined })
  }
  expect((await refresh(server, pool, tokens.RefreshToken)).status).toBe(200)
  expect((await must(server, 'GetUser', { AccessToken: tokens.AccessToken }, false))['Username']).toBe('u0')
})
