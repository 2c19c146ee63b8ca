// Rates by address, as a client meets them (docs/reference/threats.md 5, 39, 50, 66): what counts, what does not, and
// that a refusal comes before any work. The test plays the trusted proxy that says whose call it is.
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GUESS_COST } from '../../src/api/rate-limit.ts'
import type { Environment } from '../../src/config/env.ts'
import { openDatabase } from '../../src/database/open.ts'
import {
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  type RawAnswer,
  signIn,
  startTestServer,
  type TestServer,
} from '../harness.ts'
import { postgresUrl } from '../postgres.ts'
import { apiHeaders, call, sendRaw, signed } from './raw-request.ts'

const CALLS = 100
const env: Environment = { PUBLIC_CALLS_PER_MINUTE: String(CALLS), TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' }
const REFUSED = { status: 400, json: { __type: 'TooManyRequestsException', message: 'Rate exceeded' } }

let server: TestServer
let poolId: string
let ClientId: string
const lines: string[] = []

let lastHost = 0
/** An address that made no call yet. */
const newAddress = (): string => `198.51.${(++lastHost >> 8) + 100}.${lastHost & 255}`
const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address })

const guess = (address: string, USERNAME: string, password = 'Wr0ng!pass'): Promise<RawAnswer> =>
  server.raw(
    'InitiateAuth',
    { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME, PASSWORD: password } },
    from(address),
  )
const signUpOfNobody = (address: string): Promise<RawAnswer> =>
  server.raw('SignUp', { ClientId: 'nobody', Username: 'x', Password: PASSWORD }, from(address))

/** How many calls are answered in another way than by the refusal. */
async function answered(calls: number, call: (turn: number) => Promise<RawAnswer>): Promise<number> {
  let count = 0
  for (let turn = 0; turn < calls; turn++) {
    const answer = await call(turn)
    if (answer.json.__type === 'TooManyRequestsException') expect(answer).toMatchObject(REFUSED)
    else count++
  }
  return count
}

beforeAll(async () => {
  const write = (line: string): void => void lines.push(line)
  server = await startTestServer({ env: { ...env, LOG_LEVEL: 'info' }, logTo: { write } })
  server.clock.freeze()
  poolId = (await makePool(server)).Id
  ClientId = (await makeClient(server, poolId)).ClientId
  await makeUser(server, poolId, 'ann')
})
afterAll(() => server?.stop())

describe('calls that count', () => {
  it('are public ones, whatever their answer', async () => {
    const address = newAddress()
    expect(await answered(CALLS + 20, () => signUpOfNobody(address))).toBe(CALLS)
    server.clock.advance(30_000)
    expect(await answered(CALLS, () => signUpOfNobody(address))).toBe(CALLS / 2)
  })

  it('are those with a token that is not good', async () => {
    const address = newAddress()
    const call = (): Promise<RawAnswer> => server.raw('GetUser', { AccessToken: 'not.a.token' }, from(address))
    expect(await answered(CALLS + 20, call)).toBe(CALLS)
  })

  it('are those that are signed wrongly, or not at all', async () => {
    const address = newAddress()
    const unsigned = (): Promise<RawAnswer> => server.raw('ListUserPools', { MaxResults: 1 }, from(address))
    expect(await answered(CALLS / 2, unsigned)).toBe(CALLS / 2)
    const body = JSON.stringify({ MaxResults: 1 })
    const headers = [...apiHeaders(server, 'ListUserPools'), ['x-forwarded-for', address] as const]
    const credentials = { ...server.credentials, secretAccessKey: 'not the secret' }
    const wrongly = async (): Promise<RawAnswer> => {
      const answer = await sendRaw(server, { headers: signed(server, { headers, body }, { credentials }), body })
      return { ...answer, headers: new Headers() } as RawAnswer
    }
    expect(await answered(CALLS, wrongly)).toBe(CALLS / 2)
  })

  it('are many for one wrong guess', async () => {
    const address = newAddress()
    expect(await answered(CALLS, (turn) => guess(address, `nobody-${turn}`))).toBe(CALLS / GUESS_COST)
  })

  it('are few for a right one', async () => {
    const address = newAddress()
    expect(await answered(CALLS / 2, () => guess(address, 'ann', PASSWORD))).toBe(CALLS / 2)
  })
})

describe('an address that made too many calls', () => {
  it('can still do what it has good credentials for', async () => {
    const address = newAddress()
    const { AccessToken } = await signIn(server, ClientId, 'ann')
    await answered(CALLS + 1, () => signUpOfNobody(address))
    expect(await guess(address, 'ann', PASSWORD)).toMatchObject(REFUSED)
    expect(await server.raw('GetUser', { AccessToken }, from(address))).toMatchObject({ status: 200 })
    const body = JSON.stringify({ MaxResults: 1 })
    const headers = [...apiHeaders(server, 'ListUserPools'), ['x-forwarded-for', address] as const]
    expect((await sendRaw(server, { headers: signed(server, { headers, body }), body })).status).toBe(200)
  })

  it('shuts out nobody else, and cannot give itself another name', async () => {
    const address = newAddress()
    await answered(CALLS + 1, () => signUpOfNobody(address))
    expect(await guess(newAddress(), 'ann', PASSWORD)).toMatchObject({ status: 200 })
    for (const claimed of [`127.0.0.1, ${address}`, `${newAddress()}, ${address}`, `${address}, 10.1.2.3`])
      expect(await guess(claimed, 'ann', PASSWORD), claimed).toMatchObject(REFUSED)
  })

  it('is told in the words of each protocol', async () => {
    const address = newAddress()
    await answered(CALLS + 1, () => signUpOfNobody(address))
    const headers = [
      ['host', 'localhost'],
      ['content-type', 'application/x-www-form-urlencoded'],
      ['x-forwarded-for', address],
    ] as const
    const body = 'Action=AssumeRoleWithWebIdentity&Version=2011-06-15'
    const { status, text } = await fetch(server.url, { method: 'POST', headers: headers.slice(1) as never, body }).then(
      async (response) => ({ status: response.status, text: await response.text() }),
    )
    expect(status).toBe(400)
    expect(text).toMatch(/<Code>Throttling<\/Code><Message>Rate exceeded<\/Message>/)
  })

  it('is in the log, and so is every refused caller', async () => {
    const address = newAddress()
    lines.length = 0
    await answered(CALLS + 1, () => signUpOfNobody(address))
    const last = JSON.parse(lines.at(-1) as string)
    expect(last).toMatchObject({ operation: 'SignUp', outcome: 'TooManyRequestsException', address })
    expect(JSON.parse(lines[0] as string)).toMatchObject({ outcome: 'ResourceNotFoundException', address })
    await guess(newAddress(), 'ann', PASSWORD)
    expect(JSON.parse(lines.at(-1) as string)).not.toHaveProperty('address')
  })
})

it('has no limit on the machine itself', async () => {
  for (let turn = 0; turn < 2 * CALLS; turn++)
    expect((await call(server, 'SignUp', { ClientId: 'nobody', Username: 'x', Password: PASSWORD })).json.__type).toBe(
      'ResourceNotFoundException',
    )
})

it('does not believe a peer that is no trusted proxy', async () => {
  const other = await startTestServer({ env: { PUBLIC_CALLS_PER_MINUTE: '1' } })
  for (let turn = 0; turn < 5; turn++)
    expect((await other.raw('GetUser', { AccessToken: 'x' }, from('192.0.2.1'))).json.__type).toBe(
      'NotAuthorizedException',
    )
  await other.stop()
})

it('bounds what a flood of unknown names leaves in the database (docs/reference/threats.md 50)', async () => {
  const url = await postgresUrl()
  const other = await startTestServer({ env: { ...env, DATABASE_URL: url } })
  const database = await openDatabase({ engine: 'postgres', url, connections: 1 }, () => undefined)
  try {
    other.clock.freeze()
    const { Id } = await makePool(other)
    const client = (await makeClient(other, Id, { PreventUserExistenceErrors: 'ENABLED' })).ClientId
    const address = newAddress()
    const rows = async (): Promise<number> =>
      Number((await sql<{ n: number }>`select count(*) as n from attempts`.execute(database.db)).rows[0]?.n)
    const flood = (turn: number): Promise<RawAnswer>[] => [
      other.raw(
        'InitiateAuth',
        { ClientId: client, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: `a${turn}`, PASSWORD } },
        from(address),
      ),
      other.raw('ForgotPassword', { ClientId: client, Username: `b${turn}` }, from(address)),
    ]
    await Promise.all(Array.from({ length: 10 }, (_, turn) => flood(turn)).flat())
    // The flood does write rows: without this, their absence below would prove nothing.
    const early = await rows()
    expect(early).toBeGreaterThan(0)
    for (let turn = 10; turn < 300; turn++) await Promise.all(flood(turn))
    const most = await rows()
    expect(most).toBeLessThanOrEqual(2 * CALLS)
    for (let turn = 300; turn < 500; turn++) await Promise.all(flood(turn))
    expect(await rows()).toBe(most)
  } finally {
    await database.close()
    await other.stop()
  }
})
