// Rates by the front doors of two servers on one PostgreSQL: what one sets holds in both, and what is counted is counted together.
import { randomBytes } from 'node:crypto'
import {
  AdminGetUserCommand,
  GetProvisionedLimitCommand,
  GetUserCommand,
  UpdateProvisionedLimitCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeClient, makePool, makeUser, signIn, startTestServer, type TestServer } from '../../../test/harness.ts'
import { postgresUrl } from '../../../test/postgres.ts'

const LIMIT = 40
const USER_LIMIT = 10

let servers: [TestServer, TestServer]
let pool: string
let client: string
beforeAll(async () => {
  const env = {
    DATABASE_URL: await postgresUrl(),
    DATABASE_CONNECTIONS: '8',
    COGNOMEN_MASTER_KEY: randomBytes(32).toString('base64'),
    PUBLIC_URL: 'http://cognomen.test',
    USER_CALLS_PER_SECOND: String(USER_LIMIT),
  }
  const one = await startTestServer({ env })
  servers = [one, await startTestServer({ env })]
  for (const { clock } of servers) clock.freeze()
  pool = (await makePool(one)).Id
  client = (await makeClient(one, pool)).ClientId
  for (const name of ['ann', 'bob']) await makeUser(one, pool, name)
})
afterAll(() => Promise.all((servers ?? []).map((server) => server.stop())))

const nextSecond = (): void => {
  for (const { clock } of servers) clock.advance(1000)
}

/** How many of so many calls at once, of the servers in turn, are answered; the others must be refused by a rate. */
async function answered(calls: number, call: (server: TestServer) => Promise<unknown>, by = servers as TestServer[]) {
  const all = Array.from({ length: calls }, (_, i) => call(by[i % by.length] as TestServer))
  const refused = (await Promise.allSettled(all)).flatMap((one) => (one.status === 'rejected' ? [one.reason.name] : []))
  expect(new Set(refused)).toEqual(new Set(refused.length > 0 ? ['TooManyRequestsException'] : []))
  return calls - refused.length
}

it('a limit that one sets is shown and kept by both, together', async () => {
  const [one, two] = servers
  const LimitDefinition = { LimitClass: 'API_CATEGORY' as const, Attributes: { Category: 'UserRead' } }
  await one.admin.send(new UpdateProvisionedLimitCommand({ LimitDefinition, RequestedLimitValue: LIMIT }))
  nextSecond()
  const shown = await two.admin.send(new GetProvisionedLimitCommand({ LimitDefinition }))
  expect(shown.Limit?.ProvisionedLimitValue).toBe(LIMIT)
  const read = (server: TestServer) => server.admin.send(new AdminGetUserCommand({ UserPoolId: pool, Username: 'ann' }))
  expect(await answered(3 * LIMIT, read)).toBe(LIMIT)
  expect(await answered(4, read)).toBe(0)
  nextSecond()
  expect(await answered(3 * LIMIT, read, [two])).toBe(LIMIT)
  await one.admin.send(new UpdateProvisionedLimitCommand({ LimitDefinition, RequestedLimitValue: 2 ** 31 - 1 }))
  nextSecond()
})

describe('the rate of a user', () => {
  const tokenOf = async (name: string): Promise<string> =>
    (await signIn(servers[0], client, name)).AccessToken as string
  const reading = (AccessToken: string) => (server: TestServer) => server.app.send(new GetUserCommand({ AccessToken }))
  const writing = (AccessToken: string) => (server: TestServer) =>
    server.app.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: [{ Name: 'name', Value: 'A' }] }))

  it('is that of both together: reads, and as many writes; others go on', async () => {
    const [ann, bob] = [await tokenOf('ann'), await tokenOf('bob')]
    nextSecond()
    expect(await answered(30, reading(ann))).toBe(USER_LIMIT)
    expect(await answered(30, writing(ann))).toBe(USER_LIMIT)
    expect(await answered(USER_LIMIT, reading(bob), [servers[1]])).toBe(USER_LIMIT)
    nextSecond()
    expect(await answered(30, reading(ann))).toBe(USER_LIMIT)
  })

  it('is never exceeded where one has used a little and the other the rest', async () => {
    const ann = await tokenOf('ann')
    nextSecond()
    const [one, two] = servers
    const before = await answered(1, reading(ann), [one])
    const after = await answered(30, reading(ann), [two])
    // What the first has taken and not used is lost in that second: one of its share of two.
    expect([before, after]).toEqual([1, USER_LIMIT - 2])
    expect(await answered(3, reading(ann), [one])).toBe(1)
  })
})
