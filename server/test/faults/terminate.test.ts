// SIGTERM under load, as at every deployment: what was sent is answered in full, new connections are refused, the process
// ends by itself with code 0.
import { once } from 'node:events'
import { Agent } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
  GetUserCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterEach, describe, expect, test } from 'vitest'
import { engines, type StartedServer, startServer } from '../../../conformance/start-server.ts'
import { adminClient, makePool, type PoolAndClient } from '../../../conformance/user-pool.ts'

const ROUNDS = process.env['COGNOMEN_LONG'] ? 40 : 10
const CONNECTIONS = 32
const PASSWORD = 'Passw0rd!x'
const KILLED_AFTER_MS = 10_000

let server: StartedServer
afterEach(() => server?.stop())

describe.each(engines)('%s', (engine) => {
  test(`fails no request in flight in ${ROUNDS} stops`, { timeout: ROUNDS * 15_000 }, async () => {
    server = await startServer({ engine, env: { PUBLIC_URL: 'http://cognomen.test' } })
    const calls = await prepareCalls(adminClient(server))
    let answeredAfterTheSignal = 0
    for (let round = 0; round < ROUNDS; round++) {
      const load = startLoad(server, calls)
      // Sometimes while connections are still being made, sometimes well under way.
      await load.answers(1 + ((round * 37) % 150))
      const before = load.answered()
      load.signalComes()
      expect(await server.terminate()).toEqual({ code: 0, signal: null })
      expect(await load.endings).toEqual(Array.from({ length: CONNECTIONS }, () => 'ECONNREFUSED'))
      answeredAfterTheSignal += load.answered() - before
      expect(server.output()).not.toContain('"level":50')
      await server.restart()
    }
    // Requests were in flight: a signal to an idle server would prove nothing.
    expect(answeredAfterTheSignal).toBeGreaterThan(ROUNDS * 10)
  })
})

test('waits for a request that is only half sent, and refuses new connections meanwhile', async () => {
  server = await startServer()
  const { hostname, port } = new URL(server.url)
  const body = JSON.stringify({ ClientId: '1h57kf5cpq17m0eml12EXAMPLE', AuthFlow: 'USER_PASSWORD_AUTH' })
  const socket = connect(Number(port), hostname)
  const answer = text(socket)
  socket.write(
    `POST / HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: ${body.length}\r\n` +
      'x-amz-target: AWSCognitoIdentityProviderService.InitiateAuth\r\n\r\n',
  )
  socket.write(body.slice(0, 10))
  await sleep(100)
  const ended = server.terminate()
  // Longer than an idle connection is kept.
  await sleep(700)
  const late = connect(Number(port), hostname)
  const [refusal] = (await once(late, 'error')) as [NodeJS.ErrnoException]
  expect(refusal.code).toBe('ECONNREFUSED')
  socket.write(body.slice(10))
  expect(await answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*connection: close\r\n.*"ResourceNotFoundException"/is)
  expect(await ended).toEqual({ code: 0, signal: null })
})

test('ends before it is killed though a body never comes to its end', async () => {
  server = await startServer()
  const { hostname, port } = new URL(server.url)
  const heads = {
    'half a body': 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"half',
    'chunks without end': 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"hal\r\n',
    'half a head': 'POST / HTTP/1.1\r\nhost:',
  }
  const sockets = Object.values(heads).map((head) => {
    const socket = connect(Number(port), hostname)
    // Reset or ended: either way without an answer that it did not ask for.
    socket.on('error', () => undefined)
    socket.write(head)
    return socket
  })
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  await sleep(100)
  const gone = Promise.all(sockets.map((socket) => once(socket, 'close')))
  const ended = server.terminate()
  // Most that send SIGTERM kill ten seconds later.
  const kill = setTimeout(() => void server.kill(), KILLED_AFTER_MS)
  expect(await ended).toEqual({ code: 0, signal: null })
  clearTimeout(kill)
  await gone
  expect(server.output()).not.toContain('"level":50')
})

test('ends at once when nothing is under way, also by Ctrl-C', async () => {
  server = await startServer()
  const idle = connect(Number(new URL(server.url).port), '127.0.0.1')
  await once(idle, 'connect')
  // Sooner than it would give up a request that is under way.
  const late = setTimeout(() => void server.kill(), 5_000)
  expect(await server.terminate()).toEqual({ code: 0, signal: null })
  clearTimeout(late)
  await server.restart()
  process.kill(server.pid, 'SIGINT')
  await expect.poll(() => isAlive(server.pid), { timeout: 5_000 }).toBe(false)
})

type Call = (sdk: CognitoIdentityProviderClient, unique: string) => Promise<unknown>

/** For each caller, who is a user of its own, a mix: costly and cheap, reading and writing, signed, by token and public. */
async function prepareCalls(sdk: CognitoIdentityProviderClient): Promise<Call[][]> {
  const pool = await makePool(sdk)
  const calls: Call[][] = []
  for (let caller = 0; caller < CONNECTIONS; caller++) calls.push(await callsOf(sdk, pool, `user-${caller}`))
  sdk.destroy()
  return calls
}

async function callsOf(sdk: CognitoIdentityProviderClient, pool: PoolAndClient, Username: string): Promise<Call[]> {
  const { poolId: UserPoolId, clientId: ClientId } = pool
  await sdk.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }))
  await sdk.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: PASSWORD, Permanent: true }))
  const signIn = new InitiateAuthCommand({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId,
    AuthParameters: { USERNAME: Username, PASSWORD },
  })
  const { AuthenticationResult: tokens } = await sdk.send(signIn)
  const refresh = new InitiateAuthCommand({
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    ClientId,
    AuthParameters: { REFRESH_TOKEN: tokens?.RefreshToken as string },
  })
  return [
    (sdk) => sdk.send(new GetUserCommand({ AccessToken: tokens?.AccessToken })),
    (sdk) => sdk.send(signIn),
    (sdk) => sdk.send(new AdminGetUserCommand({ UserPoolId, Username })),
    (sdk, unique) => {
      const UserAttributes = [{ Name: 'email', Value: `${unique}@example.com` }]
      return sdk.send(new SignUpCommand({ ClientId, Username: unique, Password: PASSWORD, UserAttributes }))
    },
    (sdk) => sdk.send(refresh),
  ]
}

interface Load {
  /** To be called right before the signal. */
  signalComes(): void
  answered(): number
  /** Resolves when so many calls were answered. */
  answers(count: number): Promise<void>
  /** How each caller ended: the code of the system's error, or the error of an answer that should not have come. */
  endings: Promise<string[]>
}

/** Keeps every connection busy until the server refuses a new one. */
function startLoad({ url, region, credentials, pid }: StartedServer, calls: readonly Call[][]): Load {
  const httpAgent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const sdk = adminClient({ url, region, credentials }, { requestHandler: { httpAgent } })
  let answered = 0
  let signalAt = Number.NaN
  const call = async (own: readonly Call[], caller: number): Promise<string> => {
    for (let turn = caller; ; turn++) {
      const sentAt = performance.now()
      try {
        await own[turn % own.length]?.(sdk, `new-${pid}-${caller}-${turn}`)
        answered++
      } catch (error) {
        // A busy server that refuses has answered.
        const { code, name, message } = error as NodeJS.ErrnoException
        const ms = (at: number): number => Math.round(at - signalAt)
        if (name === 'TooManyRequestsException') answered++
        else if (code === 'ECONNREFUSED') return code
        else return `${name}: ${message} (sent at ${ms(sentAt)} ms, failed at ${ms(performance.now())} ms)`
      }
    }
  }
  const endings = Promise.all(calls.map(call))
  return {
    signalComes: () => {
      signalAt = performance.now()
    },
    answered: () => answered,
    answers: async (count) => {
      while (answered < count) await Promise.race([sleep(2), endings.then(failed)])
    },
    endings: endings.finally(() => sdk.destroy()),
  }
}

function failed(endings: string[]): never {
  throw new Error(`Every caller ended before the signal: ${[...new Set(endings)].join(', ')}`)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
