import { type AuthFlowType, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  usePool,
  useTestServer,
} from '../../../../test/harness.ts'
import { srpStart } from '../../../../test/srp-client.ts'

describe.each(engines)('USER_SRP_AUTH on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server)
  let hidingClientId: string

  beforeAll(async () => {
    hidingClientId = (await makeClient(server, at.poolId, { PreventUserExistenceErrors: 'ENABLED' })).ClientId
    await makeUser(server, at.poolId, 'ann', { email: 'ann@example.com', email_verified: 'true', name: 'Ann' })
  })

  const begin = (AuthFlow: AuthFlowType, AuthParameters: Record<string, string>, ClientId = at.clientId) =>
    server.app.send(new InitiateAuthCommand({ AuthFlow, ClientId, AuthParameters }))

  it('answers a challenge and no session', async () => {
    const answer = await begin('USER_SRP_AUTH', { USERNAME: 'ann', SRP_A: srpStart().A })
    expect(answer.ChallengeName).toBe('PASSWORD_VERIFIER')
    expect(answer.Session).toBeUndefined()
    expect(answer.AuthenticationResult).toBeUndefined()
    expect(answer.ChallengeParameters).toEqual({
      SALT: expect.stringMatching(/^[0-9a-f]{1,32}$/),
      SRP_B: expect.stringMatching(/^[0-9a-f]{700,768}$/),
      SECRET_BLOCK: expect.stringMatching(/^[A-Za-z0-9+/]+={0,2}$/),
      USERNAME: 'ann',
      USER_ID_FOR_SRP: 'ann',
    })
  })

  it.each([
    ['0', '0'],
    ['zeros', '0'.repeat(700)],
    ['negative', '-1'],
    ['not hex', 'xyz'],
    ['one', '1'],
    ['longer than any', 'a'.repeat(131_072)],
    ['with a prefix', '0x1234'],
  ])('refuses an SRP_A that is %s', (_name, SRP_A) =>
    expectRefusal(begin('USER_SRP_AUTH', { USERNAME: 'ann', SRP_A }), 'InvalidParameterException', 'Invalid SRP_A'),
  )

  it('refuses an SRP_A of N and its multiples', async () => {
    const { N: prime } = await import('../../../../test/srp-client.ts')
    for (const A of [prime, 2n * prime, 3n * prime, prime - 1n, prime + 1n]) {
      await expectRefusal(
        begin('USER_SRP_AUTH', { USERNAME: 'ann', SRP_A: A.toString(16) }),
        'InvalidParameterException',
        'Invalid SRP_A',
      )
    }
  })

  it('gives an unknown user a challenge like that of a known one, always the same, when the client hides who exists', async () => {
    const attempt = (USERNAME: string) =>
      begin('USER_SRP_AUTH', { USERNAME, SRP_A: srpStart().A }, hidingClientId).then(
        (answer) => answer.ChallengeParameters ?? {},
      )
    const [known, first, second, other] = [
      await attempt('ann'),
      await attempt('nobody'),
      await attempt('nobody'),
      await attempt('Nobody'),
    ]
    expect(known.USER_ID_FOR_SRP).toBe('ann')
    const long = await attempt('x'.repeat(128))
    for (const one of [first, other, long]) expect(one.SECRET_BLOCK?.length).toBe(known.SECRET_BLOCK?.length)
    expect(first.USER_ID_FOR_SRP).toBe('nobody')
    expect(Object.keys(first).sort()).toEqual(Object.keys(known).sort())
    expect(first.SALT).toBe(second.SALT)
    expect(first.SALT).not.toBe(other.SALT)
    expect(first.SRP_B).not.toBe(second.SRP_B)
    await expectRefusal(
      begin('USER_SRP_AUTH', { USERNAME: 'nobody', SRP_A: srpStart().A }),
      'UserNotFoundException',
      'User does not exist.',
    )
  })

  it('gives one decoy for all spellings that would find the same user, and a sub where usernames are subs', async () => {
    const pool = await makePool(server, {
      UsernameAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
    })
    const { ClientId } = await makeClient(server, pool.Id, { PreventUserExistenceErrors: 'ENABLED' })
    const attempt = (USERNAME: string) =>
      begin('USER_SRP_AUTH', { USERNAME, SRP_A: srpStart().A }, ClientId).then(
        (answer) => answer.ChallengeParameters ?? {},
      )
    const [lower, upper] = [await attempt('x@example.com'), await attempt('X@EXAMPLE.com')]
    const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-([89ab])[0-9a-f]{3}-[0-9a-f]{12}$/
    expect(lower.USER_ID_FOR_SRP).toMatch(form)
    const others = await Promise.all(Array.from({ length: 40 }, (_, i) => attempt(`x${i}@example.com`)))
    const variants = new Set(others.map((other) => form.exec(other.USER_ID_FOR_SRP as string)?.[1]))
    expect([...variants].sort()).toEqual(['8', '9', 'a', 'b'])
    expect([upper.USER_ID_FOR_SRP, upper.SALT]).toEqual([lower.USER_ID_FOR_SRP, lower.SALT])
    const aliases = await makePool(server, { AliasAttributes: ['email'] })
    const client = await makeClient(server, aliases.Id, { PreventUserExistenceErrors: 'ENABLED' })
    const ghosts = await Promise.all(
      ['ghost@example.com', 'ghost\uff20example.com', '\uff47host@example.com'].map(async (USERNAME) => {
        const answer = await begin('USER_SRP_AUTH', { USERNAME, SRP_A: srpStart().A }, client.ClientId)
        return answer.ChallengeParameters?.USER_ID_FOR_SRP
      }),
    )
    expect(new Set(ghosts).size).toBe(1)
  })
})
