import {
  AdminGetUserCommand,
  GetProvisionedLimitCommand,
  UpdateProvisionedLimitCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  startTestServer,
  type TestServer,
} from '../../../test/harness.ts'

const NO_LIMIT = 2_147_483_647
const definition = (Category: string) => ({ LimitClass: 'API_CATEGORY' as const, Attributes: { Category } })

describe.each(engines)('UpdateProvisionedLimit on %s', (engine) => {
  let server: TestServer
  let poolId: string
  let clientId: string
  beforeAll(async () => {
    server = await startTestServer({ engine })
    server.clock.freeze()
    poolId = (await makePool(server)).Id
    clientId = (await makeClient(server, poolId)).ClientId
    await makeUser(server, poolId, 'ann')
  })
  afterAll(() => server?.stop())

  const set = (Category: string, RequestedLimitValue: number) =>
    server.admin.send(new UpdateProvisionedLimitCommand({ LimitDefinition: definition(Category), RequestedLimitValue }))
  afterEach(async () => {
    for (const category of ['UserRead', 'UserAuthentication']) await set(category, NO_LIMIT)
  })

  const read = () => server.admin.send(new AdminGetUserCommand({ UserPoolId: poolId, Username: 'ann' }))
  /** How many of so many calls at once are answered; the others must be refused by the rate. */
  async function answered(calls: number, call: () => Promise<unknown>): Promise<number> {
    const outcomes = await Promise.allSettled(Array.from({ length: calls }, call))
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.name] : []))
    expect(new Set(refused)).toEqual(new Set(refused.length > 0 ? ['TooManyRequestsException'] : []))
    return calls - refused.length
  }
  const nextSecond = () => server.clock.advance(1000)

  it('shows the limit from then on', async () => {
    const { Limit } = await set('UserRead', 40)
    expect(Limit).toEqual({
      LimitDefinition: definition('UserRead'),
      ProvisionedLimitValue: 40,
      FreeLimitValue: 120,
    })
    const shown = await server.admin.send(new GetProvisionedLimitCommand({ LimitDefinition: definition('UserRead') }))
    expect(shown.Limit).toEqual(Limit)
    expect((await set('UserRead', NO_LIMIT)).Limit?.ProvisionedLimitValue).toBe(NO_LIMIT)
  })

  it('lets exactly so many requests of a category through in a second, of all users together', async () => {
    await set('UserRead', 7)
    nextSecond()
    expect(await answered(20, read)).toBe(7)
    expect(await answered(3, read)).toBe(0)
    nextSecond()
    expect(await answered(20, read)).toBe(7)
  })

  it('refuses with "Rate exceeded", and says when to come again', async () => {
    await set('UserRead', 1)
    nextSecond()
    await read()
    await expectRefusal(read(), 'TooManyRequestsException', 'Rate exceeded')
    const refusal = await read().catch((error) => error)
    expect(refusal.$response.headers['retry-after']).toBe('1')
  })

  it('counts answers to challenges apart, three times as many as beginnings', async () => {
    await set('UserAuthentication', 2)
    nextSecond()
    const answer = () =>
      server.raw('RespondToAuthChallenge', { ClientId: clientId, ChallengeName: 'SMS_MFA', Session: 's'.repeat(20) })
    const types = []
    for (let i = 0; i < 8; i++) types.push((await answer()).json.__type)
    expect(types.filter((type) => type === 'TooManyRequestsException')).toHaveLength(2)
    expect(await answered(5, () => signIn(server, clientId, 'ann', PASSWORD))).toBe(2)
  })

  it('takes nothing for calls that are not signed or have no valid token', async () => {
    await set('UserRead', 2)
    nextSecond()
    for (let i = 0; i < 5; i++) {
      expect((await server.raw('AdminGetUser', { UserPoolId: poolId, Username: 'ann' })).status).toBe(400)
      expect((await server.raw('GetUser', { AccessToken: 'x.y.z' })).json.__type).toBe('NotAuthorizedException')
    }
    expect(await answered(3, read)).toBe(2)
  })

  it('never refuses who sets the limits', async () => {
    for (let i = 0; i < 5; i++) await set('UserRead', 1)
  })

  it('InvalidParameterException below 1; a limit stays as it was', async () => {
    await set('UserRead', 30)
    for (const value of [0, -1])
      await expectRefusal(
        set('UserRead', value),
        'InvalidParameterException',
        'RequestedLimitValue must be at least 1; 2147483647 for no limit.',
      )
    const shown = await server.admin.send(new GetProvisionedLimitCommand({ LimitDefinition: definition('UserRead') }))
    expect(shown.Limit?.ProvisionedLimitValue).toBe(30)
  })

  it('ResourceNotFoundException for an unknown category', async () => {
    await expectRefusal(set('Nothing', 5), 'ResourceNotFoundException', 'Category Nothing does not exist.')
  })

  it('refuses an unsigned call', async () => {
    const input = { LimitDefinition: definition('UserRead'), RequestedLimitValue: 5 }
    expect((await server.raw('UpdateProvisionedLimit', input)).json.__type).toBe('MissingAuthenticationTokenException')
  })
})
