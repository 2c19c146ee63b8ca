// Clients that want more than a server can do, and what its process uses meanwhile.
import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, call, type Target } from '../refusals/raw-request.ts'

export const PASSWORD = 'Passw0rd!x'

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
  counts: Map<string, number>
  /** Successes in each second since the start. */
  perSecond: number[]
}

/** Runs every client again and again for a while. A refused one waits a little, as SDKs do. */
export async function runClients(clients: readonly (() => Promise<Answer>)[], milliseconds: number): Promise<Load> {
  const load: Load = { counts: new Map(), perSecond: Array.from({ length: Math.floor(milliseconds / 1000) }, () => 0) }
  const startedAt = performance.now()
  const running = (): boolean => performance.now() - startedAt < milliseconds
  await Promise.all(
    clients.map(async (client, position) => {
      await sleep((position / clients.length) * 100)
      while (running()) {
        const { status, json } = await client()
        const outcome = status === 200 ? 'ok' : `${status} ${json.__type}`
        load.counts.set(outcome, (load.counts.get(outcome) ?? 0) + 1)
        const second = Math.floor((performance.now() - startedAt) / 1000)
        if (outcome !== 'ok') await sleep(100 + Math.random() * 100)
        else if (second < load.perSecond.length) load.perSecond[second] = (load.perSecond[second] ?? 0) + 1
      }
    }),
  )
  return load
}

/** Median of how long a call takes, called one after the other with pauses, until `enough`. Throws when one fails. */
export async function medianOf(ask: () => Promise<Answer>, enough: (calls: number) => boolean): Promise<number> {
  const times: number[] = []
  while (!enough(times.length)) {
    const { status, text, milliseconds } = await ask()
    if (status !== 200) throw new Error(`a call beside the load was answered ${status} ${text}`)
    times.push(milliseconds)
    await sleep(20)
  }
  times.sort((x, y) => x - y)
  return times[Math.floor(times.length / 2)] as number
}

/** Resident memory of a process, in MB. */
export const residentMegabytes = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) / 1024
