// SIGTERM under load, as at every deployment: what was sent is answered in full, new connections are refused, the process
// ends by itself with code 0.
import { once } from 'node:events'
import { Agent } from 'node:http'
import { connect, type Socket } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
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
import { limits } from '../../src/http/limits.ts'

const ROUNDS = process.env['COGNOMEN_LONG'] ? 40 : 5
const CONNECTIONS = 32
const PASSWORD = 'Passw0rd!x'
/** For tests that wait for nothing but the server, which may get little of a busy machine. */
const PATIENCE_MS = 2 * 60_000
/** Half of the time for which a server that stops keeps idle connections. */
const AT_ONCE_MS = 250

let server: StartedServer
let other: StartedServer | undefined
afterEach(async () => {
  await server?.stop()
  await other?.stop()
  other = undefined
})

describe.each(engines)('%s', (engine) => {
  test(`fails no request in flight in ${ROUNDS} stops`, { timeout: ROUNDS * PATIENCE_MS }, async () => {
    server = await startServer({ engine, env: { PUBLIC_URL: 'http://cognomen.test', LOG_LEVEL: 'info' } })
    const calls = await prepareCalls(adminClient(server))
    await server.terminate()
    let answeredAfterTheSignal = 0
    for (let round = 0; round < ROUNDS; round++) {
      // Its log has this round alone.
      await server.restart()
      const load = startLoad(server, calls)
      // Sometimes while connections are still being made, sometimes well under way.
      await load.answers(1 + ((round * 37) % 150))
      const before = load.answered.size
      load.signalComes()
      expect(await server.terminate()).toEqual({ code: 0, signal: null })
      expect(await load.endings).toEqual(Array.from({ length: CONNECTIONS }, () => 'ECONNREFUSED'))
      answeredAfterTheSignal += load.answered.size - before
      // Every request that the server took was answered, and is in its log.
      expect(requestsIn(server.output())).toEqual(load.answered)
      expect(server.output()).not.toContain('"level":50')
    }
    // Requests were in flight: a signal to an idle server would prove nothing.
    expect(answeredAfterTheSignal).toBeGreaterThan(ROUNDS * 10)
  })
})

/** The ids of the requests in a log. */
const requestsIn = (log: string): Set<string> =>
  new Set([...log.matchAll(/^\{.*"requestId":"([^"]+)"/gm)].map(([, id]) => id as string))

const HEAD = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-amz-json-1.1\r\nexpect: 100-continue\r\n'
const GO_ON = 'HTTP/1.1 100 Continue\r\n\r\n'

/** Sends the head of a request; resolves when the server has read it and waits for the body. */
async function sendHead({ url }: StartedServer, more: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  // Reset or ended: either way without an answer that it did not ask for.
  socket.on('error', () => undefined)
  socket.write(`${HEAD}${more}\r\n`)
  expect(String((await once(socket, 'data'))[0])).toBe(GO_ON)
  return socket
}

/** Resolves when the server refuses new connections. */
async function refusal({ url }: StartedServer): Promise<void> {
  const { hostname, port } = new URL(url)
  for (;;) {
    const socket = connect(Number(port), hostname)
    const outcome = await new Promise<string | undefined>((resolve) => {
      socket.once('connect', () => resolve('connected'))
      socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code))
    })
    socket.destroy()
    if (outcome === 'ECONNREFUSED') return
  }
}

test('waits for a request that is only half sent, and refuses new connections meanwhile', {
  timeout: PATIENCE_MS,
}, async () => {
  server = await startServer()
  const body = JSON.stringify({ ClientId: '1h57kf5cpq17m0eml12EXAMPLE', AuthFlow: 'USER_PASSWORD_AUTH' })
  const target = 'x-amz-target: AWSCognitoIdentityProviderService.InitiateAuth\r\n'
  const socket = await sendHead(server, `content-length: ${body.length}\r\n${target}`)
  socket.write(body.slice(0, 10))
  const idle = connect(Number(new URL(server.url).port), '127.0.0.1')
  await once(idle, 'connect')
  const answer = text(socket)
  const idleGone = once(idle.resume(), 'close')
  const ended = server.terminate()
  await refusal(server)
  // The server has closed what was idle, and not this one.
  await idleGone
  socket.write(body.slice(10))
  expect(await answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*connection: close\r\n.*"ResourceNotFoundException"/is)
  expect(await ended).toEqual({ code: 0, signal: null })
})

/** More than the minimal rate of bodies demands within a minute. */
const LONG_BODY = 'x'.repeat(60_000)

/** Requests whose bodies never come to their end, all of them in service. */
const endlessRequests = (at: StartedServer): Promise<Socket[]> =>
  Promise.all([
    sendHead(at, 'content-length: 60001\r\n').then((socket) => {
      socket.write(LONG_BODY)
      return socket
    }),
    sendHead(at, 'transfer-encoding: chunked\r\n').then((socket) => {
      socket.write(`${LONG_BODY.length.toString(16)}\r\n${LONG_BODY}\r\n`)
      return socket
    }),
  ])

test('ends before it is killed though a body never comes to its end', { timeout: PATIENCE_MS }, async () => {
  // Most that send SIGTERM kill ten seconds later.
  expect(limits.requestGrace.max).toBeLessThan(9_000)
  server = await startServer()
  const half = connect(Number(new URL(server.url).port), '127.0.0.1')
  half.on('error', () => undefined)
  half.write('POST / HTTP/1.1\r\nhost:')
  const sockets = [half, ...(await endlessRequests(server))]
  const answers = sockets.map((socket) => text(socket).catch(() => ''))
  expect(await server.terminate()).toEqual({ code: 0, signal: null })
  // Given up because the server stops: other limits, which come later, are answered with 408.
  expect(await Promise.all(answers)).toEqual(['', '', ''])
  expect(server.output()).not.toContain('"level":50')
})

test('ends at once when nothing is under way, also by Ctrl-C', { timeout: PATIENCE_MS }, async () => {
  server = await startServer()
  other = await startServer()
  await endlessRequests(other)
  const idle = connect(Number(new URL(server.url).port), '127.0.0.1')
  await once(idle, 'connect')
  // At once: before one that has to give up a request, and got the signal earlier.
  const waiting = other.terminate().then(() => 'waiting')
  const ended = server.terminate()
  expect(await Promise.race([waiting, ended])).toEqual({ code: 0, signal: null })
  await waiting
  await server.restart()
  process.kill(server.pid, 'SIGINT')
  await expect.poll(() => isAlive(server.pid), { timeout: PATIENCE_MS }).toBe(false)
})

type Call = (sdk: CognitoIdentityProviderClient, unique: string) => Promise<{ $metadata: { requestId?: string } }>

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
  /** The ids of the requests that were answered. */
  answered: ReadonlySet<string>
  /** Resolves when so many calls were answered. */
  answers(count: number): Promise<void>
  /** How each caller ended: the code of the system's error, or the error of an answer that should not have come. */
  endings: Promise<string[]>
}

/** Keeps every connection busy until the server refuses a new one. */
function startLoad({ url, region, credentials, pid }: StartedServer, calls: readonly Call[][]): Load {
  const httpAgent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const sdk = adminClient({ url, region, credentials }, { requestHandler: { httpAgent } })
  const answered = new Set<string>()
  const delays = monitorEventLoopDelay({ resolution: 10 })
  let signalAt = Number.NaN
  /** Whether this process itself was too slow to send a request before the server closes idle connections. */
  const wasLate = (): boolean => performance.now() - signalAt > AT_ONCE_MS && delays.max / 1e6 > AT_ONCE_MS
  const call = async (own: readonly Call[], caller: number): Promise<string> => {
    for (let turn = caller; ; turn++) {
      const sentAt = performance.now()
      try {
        const { $metadata } = (await own[turn % own.length]?.(sdk, `new-${pid}-${caller}-${turn}`)) ?? {}
        answered.add($metadata?.requestId as string)
      } catch (error) {
        // A busy server that refuses has answered.
        const { code, name, message, $metadata } = error as NodeJS.ErrnoException & {
          $metadata?: { requestId?: string }
        }
        const ms = (at: number): number => Math.round(at - signalAt)
        if (name === 'TooManyRequestsException') answered.add($metadata?.requestId as string)
        else if (code === 'ECONNREFUSED') return code
        else if (!(['ECONNRESET', 'EPIPE'].includes(code ?? '') && wasLate()))
          return `${name}: ${message} (sent at ${ms(sentAt)} ms, failed at ${ms(performance.now())} ms)`
      }
    }
  }
  const endings = Promise.all(calls.map(call))
  return {
    signalComes: () => {
      signalAt = performance.now()
      delays.enable()
    },
    answered,
    answers: async (count) => {
      while (answered.size < count) await Promise.race([sleep(2), endings.then(failed)])
    },
    endings: endings.finally(() => {
      delays.disable()
      sdk.destroy()
    }),
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
