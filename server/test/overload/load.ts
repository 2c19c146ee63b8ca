// Clients that want more than a server can do, and what its process uses meanwhile.
import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, call, type Target } from '../refusals/raw-request.ts'

const PASSWORD = 'Passw0rd!x'

export interface Pool {
  UserPoolId: string
  ClientId: string
}

/** Calls and expects success. */
export async function must(server: Target, operation: string, input: unknown, sign = true): Promise<Answer['json']> {
  const { status, json, text } = await call(server, operation, input, { sign })
  if (status !== 200) throw new Error(`${operation} answered ${status} ${text}`)
  return json
}

export async function makePool(server: Target): Promise<Pool> {
  const { UserPool } = await must(server, 'CreateUserPool', { PoolName: 'overload' })
  const UserPoolId = (UserPool as { Id: string }).Id
  const ExplicitAuthFlows = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']
  const client = { UserPoolId, ClientName: 'app', ExplicitAuthFlows }
  const { UserPoolClient } = await must(server, 'CreateUserPoolClient', client)
  return { UserPoolId, ClientId: (UserPoolClient as { ClientId: string }).ClientId }
}

/** Confirmed users u0, u1, … with PASSWORD. */
export async function makeUsers(server: Target, { UserPoolId, ClientId }: Pool, count: number): Promise<void> {
  let next = 0
  const make = async (): Promise<void> => {
    for (let i = next++; i < count; i = next++) {
      await must(server, 'SignUp', { ClientId, Username: `u${i}`, Password: PASSWORD }, false)
      await must(server, 'AdminConfirmSignUp', { UserPoolId, Username: `u${i}` })
    }
  }
  await Promise.all(Array.from({ length: 16 }, make))
}

export const signIn = (server: Target, { ClientId }: Pool, user: number): Promise<Answer> =>
  call(server, 'InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: `u${user}`, PASSWORD },
  })

export const beginSrp = (server: Target, { ClientId }: Pool, user: number): Promise<Answer> =>
  call(server, 'InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME: `u${user}`, SRP_A: 'ab12'.repeat(96) },
  })

export const refresh = (server: Target, { ClientId }: Pool, RefreshToken: string): Promise<Answer> =>
  call(server, 'GetTokensFromRefreshToken', { ClientId, RefreshToken })

export interface Load {
  /** How many answers there were of each kind: `ok` or the name of an error. */
  readonly counts: ReadonlyMap<string, number>
  /** Calls that wait for their answer. */
  readonly waiting: number
  /** Resolves when every client is done. */
  readonly done: Promise<void>
}

/** Runs each client until its successes are `enough`. A refused one waits a little and tries again, as SDKs do. */
export function startClients(
  clients: readonly (() => Promise<Answer>)[],
  enough: (successes: number) => boolean,
): Load {
  const counts = new Map<string, number>()
  let waiting = 0
  const run = async (client: () => Promise<Answer>): Promise<void> => {
    for (let successes = 0; !enough(successes); ) {
      waiting++
      const { status, json } = await client()
      waiting--
      const outcome = status === 200 ? 'ok' : `${status} ${json.__type}`
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
      if (outcome === 'ok') successes++
      else await sleep(50 + Math.random() * 100)
    }
  }
  const done = Promise.all(clients.map(run)).then(() => undefined)
  return {
    counts,
    get waiting() {
      return waiting
    },
    done,
  }
}

/** How many answers told a client to try again. */
export const refusalsOf = ({ counts }: Load): number => counts.get('400 TooManyRequestsException') ?? 0

/**
 * Waits until so many calls were refused. Where the server is faster than its clients, so that none is, it is stopped for a
 * moment: their calls wait in its sockets, and arrive at once when it goes on.
 */
export async function overwhelm(server: { pid: number }, load: Load, refusals: number): Promise<void> {
  for (let before = -1; refusalsOf(load) < refusals; await sleep(500)) {
    if (refusalsOf(load) === before) await pause(server)
    before = refusalsOf(load)
  }
}

async function pause({ pid }: { pid: number }): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  try {
    await sleep(300)
  } finally {
    process.kill(pid, 'SIGCONT')
  }
}

export const answersOf = ({ counts }: Load): number => [...counts.values()].reduce((sum, count) => sum + count, 0)

/** Resident memory of a process, in MB. */
export const residentMegabytes = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) / 1024
