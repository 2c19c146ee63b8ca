// Passwords and names tried at another directory through UserMigration, through the front door: how many of them reach it,
// from one network and from many, and who still comes over then.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  engines,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  type RawAnswer,
  useTestServer,
} from '../../../test/harness.ts'

const DAY = 24 * 60 * 60 * 1000
const UserMigration = 'arn:aws:lambda:us-east-1:123456789012:function:directory'
const RIGHT = 'Right-Passw0rd'
const env = { TRUSTED_PROXIES: '127.0.0.1', MIGRATION_TRY_BUDGETS: 'network 4/hour 6/day, pool 10/hour 10/day' }
const SPENT = 'Attempt limit exceeded, please try after some time.'
const NOBODY = { __type: 'NotAuthorizedException', message: 'Incorrect username or password.' }

let asked = 0
/** Knows everybody, by one password; at a forgotten one those whose name begins with "known". */
const directory = async (event: { userName: string; request: { password?: string } }): Promise<unknown> => {
  asked++
  if (event.request.password !== RIGHT && !event.userName.startsWith('known')) throw new Error('Bad password')
  const userAttributes = { email: `${event.userName}@example.org`, email_verified: 'true' }
  return { ...event, response: { userAttributes, finalUserStatus: 'CONFIRMED', messageAction: 'SUPPRESS' } }
}

describe.each(engines)('questions to UserMigration on %s', (engine) => {
  const server = useTestServer({ engine, env, triggers: { [UserMigration]: directory } })
  let poolId: string
  let ClientId: string
  let names = 0
  beforeAll(() => {
    server.clock.freeze()
    server.clock.advance(DAY - (server.clock.now() % DAY) + 60_000)
  })
  beforeEach(async () => {
    // The budgets of networks begin anew.
    server.clock.advance(DAY)
    asked = 0
    poolId = (await makePool(server, { LambdaConfig: { UserMigration } })).Id
    ClientId = (await makeClient(server, poolId, { PreventUserExistenceErrors: 'ENABLED' })).ClientId
  })

  const guess = (address: string, password = 'Wr0ng!pass', USERNAME = `name${names++}`): Promise<RawAnswer> =>
    server.raw(
      'InitiateAuth',
      { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME, PASSWORD: password } },
      { 'x-forwarded-for': address },
    )
  const isIn = ({ json }: RawAnswer): boolean => json['AuthenticationResult'] !== undefined

  it.each([
    ['/24', (i: number) => `203.0.113.${i}`],
    ['/48', (i: number) => `2001:db8:7:${i}::${i}`],
  ])(
    'from one %s reach the directory as often as its budget allows, whatever names and addresses they have',
    async (_, address) => {
      for (let i = 0; i < 9; i++) expect((await guess(address(i))).json).toEqual(NOBODY)
      expect(asked).toBe(4)
      // The right password is not tried any more, and looks like a wrong one.
      expect((await guess(address(20), RIGHT)).json).toEqual(NOBODY)
      server.clock.advance(60 * 60 * 1000)
      for (let i = 0; i < 9; i++) await guess(address(i))
      expect(asked).toBe(6)
    },
  )

  it('from one network at once are no more', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, i) => guess(`203.0.113.${i}`)))
    expect(asked).toBe(4)
  })

  it('from many networks are as many as the budget of the pool, and one for each network beyond it', async () => {
    for (let round = 0; round < 2; round++) for (let i = 0; i < 14; i++) await guess(`198.51.${i}.7`)
    expect(asked).toBe(14)
    // Whoever comes from elsewhere still comes over, also many from one network.
    for (let i = 0; i < 3; i++) expect(isIn(await guess('192.0.2.9', RIGHT))).toBe(true)
    await guess('192.0.2.9')
    expect(isIn(await guess('192.0.2.9', RIGHT))).toBe(false)
  })

  it('that bring users over are not counted', async () => {
    for (let i = 0; i < 12; i++) expect(isIn(await guess('203.0.113.5', RIGHT))).toBe(true)
    expect(asked).toBe(12)
  })

  it('leave the users of the pool alone', async () => {
    await makeUser(server, poolId, 'ann')
    for (let i = 0; i < 5; i++) await guess('203.0.113.5')
    expect(isIn(await guess('203.0.113.5', PASSWORD, 'ann'))).toBe(true)
  })

  it('after a forgotten password are counted with them', async () => {
    const forget = (Username: string) =>
      server.raw('ForgotPassword', { ClientId, Username }, { 'x-forwarded-for': '203.0.113.77' })
    for (let i = 0; i < 6; i++) expect((await forget(`nobody${names++}`)).status).toBe(200)
    expect(asked).toBe(4)
    // Nobody is found, and the answer is that of a user.
    expect((await forget(`known${names++}`)).json).toHaveProperty('CodeDeliveryDetails')
    expect(asked).toBe(4)
  })

  it('are refused aloud where the client says who exists', async () => {
    ClientId = (await makeClient(server, poolId)).ClientId
    for (let i = 0; i < 4; i++) await guess('203.0.113.5')
    expect((await guess('203.0.113.5')).json).toEqual({ __type: 'TooManyRequestsException', message: SPENT })
    const forgotten = await server.raw(
      'ForgotPassword',
      { ClientId, Username: `nobody${names++}` },
      { 'x-forwarded-for': '203.0.113.5' },
    )
    expect(forgotten.json).toEqual({ __type: 'LimitExceededException', message: SPENT })
    expect(asked).toBe(4)
  })

  it('that the function does not answer are not counted', async () => {
    const gone = 'arn:aws:lambda:us-east-1:123456789012:function:gone'
    const other = (await makePool(server, { LambdaConfig: { UserMigration: gone } })).Id
    ClientId = (await makeClient(server, other)).ClientId
    for (let i = 0; i < 12; i++)
      expect((await guess('203.0.113.5', RIGHT, 'one')).json.__type).toBe('UnexpectedLambdaException')
  })
})
