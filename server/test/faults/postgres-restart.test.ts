// A PostgreSQL that restarts or crashes under load: the server lives on, says 503 while the database is away, and serves
// again as soon as it is back. Nothing that was acknowledged is lost.
import { setTimeout as sleep } from 'node:timers/promises'
import {
  AdminConfirmSignUpCommand,
  AdminGetUserCommand,
  type CognitoIdentityProviderClient,
  GetUserCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterEach, expect, test } from 'vitest'
import { type StartedServer, startServer } from '../../../conformance/start-server.ts'
import { adminClient, makePool, type PoolAndClient } from '../../../conformance/user-pool.ts'
import { type Postgres, startPostgres } from '../../../scripts/postgres.mjs'

const ROUNDS = process.env['COGNOMEN_LONG'] ? 12 : 1
const CALLERS = 16
const PASSWORD = 'Passw0rd!x'

let postgres: Postgres | undefined
let server: StartedServer | undefined
afterEach(async () => {
  await server?.stop()
  await postgres?.stop()
})

/** Callers that never stop, and what they saw. */
interface Load {
  answered: number
  /** Names and statuses of errors. */
  errors: Set<string>
  acknowledged: string[]
  stop(): Promise<void>
}

function startLoad(sdk: CognitoIdentityProviderClient, { poolId, clientId }: PoolAndClient, round: string): Load {
  let stopped = false
  const load: Load = { answered: 0, errors: new Set(), acknowledged: [], stop: async () => undefined }
  const caller = async (number: number): Promise<void> => {
    for (let turn = 0; !stopped; turn++) {
      const Username = `${round}-${number}-${turn}`
      try {
        await sdk.send(new SignUpCommand({ ClientId: clientId, Username, Password: PASSWORD }))
        load.acknowledged.push(Username)
        await sdk.send(new AdminGetUserCommand({ UserPoolId: poolId, Username }))
        load.answered++
      } catch (error) {
        const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } }
        load.errors.add(`${name} ${$metadata?.httpStatusCode}`)
      }
    }
  }
  const callers = Promise.all(Array.from({ length: CALLERS }, (_, number) => caller(number)))
  load.stop = async () => {
    stopped = true
    await callers
  }
  return load
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await sleep(5)
}

/** The lines of the log with this message. */
const lines = (text: string): Record<string, unknown>[] =>
  (server as StartedServer)
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg }) => String(msg).includes(text))

test.each(['SIGINT', 'SIGQUIT', 'SIGKILL'] as const)('ended by %s under load', { timeout: 120_000 }, async (signal) => {
  postgres = await startPostgres({ durable: true })
  server = await startServer({ env: { DATABASE_URL: await postgres.createDatabase(), LOG_LEVEL: 'info' } })
  const sdk = adminClient(server)
  const pool = await makePool(sdk, { AutoVerifiedAttributes: [] })
  const { pid } = server
  for (let round = 0; round < ROUNDS; round++) {
    const load = startLoad(sdk, pool, `${signal}-${round}`)
    await until(() => load.answered > 20)
    await postgres.end(signal)
    // The end is seen by requests.
    await until(() => load.errors.has('ServiceUnavailable 503'))
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(503)
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200)
    await load.stop()
    await postgres.begin()
    // The first call after the return is served, a write as well as a read.
    const Username = `first-${round}`
    await sdk.send(new SignUpCommand({ ClientId: pool.clientId, Username, Password: PASSWORD }))
    await sdk.send(new AdminGetUserCommand({ UserPoolId: pool.poolId, Username }))
    // Whoever was told that it must try again was told nothing else.
    expect([...load.errors]).toEqual(['ServiceUnavailable 503'])
    for (const name of load.acknowledged)
      await sdk.send(new AdminGetUserCommand({ UserPoolId: pool.poolId, Username: name }))
    await expect.poll(async () => (await fetch(`${server?.url}/health/ready`)).status, { timeout: 10_000 }).toBe(200)
  }
  // Told as soon as some work was done and none has failed for a moment.
  const tellsReturn = async (): Promise<number> => {
    await fetch(`${server?.url}/health/ready`)
    return lines('the database serves again').length
  }
  await expect.poll(tellsReturn, { timeout: 10_000 }).toBeGreaterThan(0)
  expect(server.pid).toBe(pid)
  expect(await server.terminate()).toEqual({ code: 0, signal: null })
  expect(lines('the database does not serve')[0]).toMatchObject({
    level: 50,
    advice: expect.stringContaining('Check that PostgreSQL runs'),
  })
  expect(lines('request failed')).toEqual([])
})

test('a sign-in and its token survive a restart of PostgreSQL', { timeout: 60_000 }, async () => {
  postgres = await startPostgres({ durable: true })
  const env = { DATABASE_URL: await postgres.createDatabase(), COGNOMEN_DEV_CODE: '135790' }
  server = await startServer({ env })
  const sdk = adminClient(server)
  const { poolId, clientId } = await makePool(sdk, { AutoVerifiedAttributes: [] })
  await sdk.send(new SignUpCommand({ ClientId: clientId, Username: 'ann', Password: PASSWORD }))
  await sdk.send(new AdminConfirmSignUpCommand({ UserPoolId: poolId, Username: 'ann' }))
  const signIn = new InitiateAuthCommand({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: clientId,
    AuthParameters: { USERNAME: 'ann', PASSWORD },
  })
  const { AuthenticationResult: tokens } = await sdk.send(signIn)
  // Nobody asks while it is away: only idle connections are lost.
  await postgres.end()
  await postgres.begin()
  expect((await sdk.send(new GetUserCommand({ AccessToken: tokens?.AccessToken }))).Username).toBe('ann')
  expect((await sdk.send(signIn)).AuthenticationResult?.AccessToken).toBeTypeOf('string')
})
