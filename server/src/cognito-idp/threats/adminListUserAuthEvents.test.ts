import {
  AdminDeleteUserCommand,
  AdminListUserAuthEventsCommand,
  ChangePasswordCommand,
  ForgotPasswordCommand,
  ResendConfirmationCodeCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { sqlOf, statementsOf } from '../../../test/executed-statements.ts'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  type TestPool,
  useTestServer,
} from '../../../test/harness.ts'
import { signUpUser } from '../../../test/sign-up.ts'
import { AUDIT, ENFORCED, eventsOf, HOME, signInFrom } from '../../../test/threats.ts'

describe.each(engines)('AdminListUserAuthEvents (%s)', (engine) => {
  const server = useTestServer({ engine, env: { AUTH_EVENT_DAYS: '2' } })
  let pool: TestPool
  beforeEach(async () => {
    const { Id } = await makePool(server, { ...AUDIT, AutoVerifiedAttributes: ['email'] })
    pool = { poolId: Id, clientId: (await makeClient(server, Id)).ClientId }
    await makeUser(server, Id, 'ann', { email: 'ann@example.com', email_verified: 'true' })
  })

  it('shows sign-ins that passed and failed, newest first, with where they came from', async () => {
    await signInFrom(server, pool, HOME)
    server.clock.advance(1000)
    await expectRefusal(signInFrom(server, pool, HOME, { password: 'Wrong-1-password' }), 'NotAuthorizedException')
    const risk = { RiskDecision: 'NoRisk', CompromisedCredentialsDetected: false }
    const place = { IpAddress: '192.0.2.10', DeviceName: 'Firefox 128 / Linux' }
    expect(await eventsOf(server, pool.poolId)).toEqual([
      {
        EventId: expect.stringMatching(/^[\w-]{36}$/),
        EventType: 'SignIn',
        CreationDate: expect.any(Date),
        EventResponse: 'Fail',
        EventRisk: risk,
        ChallengeResponses: [{ ChallengeName: 'Password', ChallengeResponse: 'Failure' }],
        EventContextData: place,
      },
      {
        EventId: expect.any(String),
        EventType: 'SignIn',
        CreationDate: expect.any(Date),
        EventResponse: 'Pass',
        EventRisk: risk,
        ChallengeResponses: [{ ChallengeName: 'Password', ChallengeResponse: 'Success' }],
        EventContextData: place,
      },
    ])
  })

  it('shows sign-ups, codes and changes of passwords', async () => {
    const step = () => server.clock.advance(1000)
    await signUpUser(server, pool.clientId, 'bob', { email: 'bob@example.com' })
    step()
    await server.app.send(new ResendConfirmationCodeCommand({ ClientId: pool.clientId, Username: 'bob' }))
    const kinds = async (username: string) =>
      (await eventsOf(server, pool.poolId, username)).map(({ EventType, EventResponse }) => [EventType, EventResponse])
    expect(await kinds('bob')).toEqual([
      ['ResendCode', 'Pass'],
      ['SignUp', 'Pass'],
    ])
    const { AccessToken } = await signIn(server, pool.clientId, 'ann')
    step()
    const change = (PreviousPassword: string) =>
      server.app.send(new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword: 'Next-1-password' }))
    await expectRefusal(change('Wrong-1-password'), 'NotAuthorizedException')
    step()
    await change(PASSWORD)
    step()
    await server.app.send(new ForgotPasswordCommand({ ClientId: pool.clientId, Username: 'ann' }))
    expect(await kinds('ann')).toEqual([
      ['ForgotPassword', 'InProgress'],
      ['PasswordChange', 'Pass'],
      ['PasswordChange', 'Fail'],
      ['SignIn', 'Pass'],
    ])
  })

  it('gives pages; a token is good for its user alone', async () => {
    await makeUser(server, pool.poolId, 'bob')
    for (let n = 0; n < 5; n++) {
      await signInFrom(server, pool, HOME)
      server.clock.advance(1000)
    }
    const page = (Username: string, NextToken?: string) =>
      server.admin.send(
        new AdminListUserAuthEventsCommand({ UserPoolId: pool.poolId, Username, MaxResults: 2, NextToken }),
      )
    const ids: unknown[] = []
    let token: string | undefined
    do {
      const { AuthEvents = [], NextToken } = await page('ann', token)
      ids.push(...AuthEvents.map(({ EventId }) => EventId))
      if (NextToken) await expectRefusal(page('bob', NextToken), 'InvalidParameterException')
      token = NextToken
    } while (token)
    expect(ids).toEqual((await eventsOf(server, pool.poolId)).map(({ EventId }) => EventId))
    expect(new Set(ids).size).toBe(5)
  })

  it('goes with its user, and is refused in a pool without threat protection', async () => {
    await signInFrom(server, pool, HOME)
    await server.admin.send(new AdminDeleteUserCommand({ UserPoolId: pool.poolId, Username: 'ann' }))
    await expectRefusal(eventsOf(server, pool.poolId), 'UserNotFoundException')
    await makeUser(server, pool.poolId, 'ann')
    expect(await eventsOf(server, pool.poolId)).toEqual([])
    await server.admin.send(new UpdateUserPoolCommand({ UserPoolId: pool.poolId, UserPoolTier: 'PLUS' }))
    await expectRefusal(
      eventsOf(server, pool.poolId),
      'UserPoolAddOnNotEnabledException',
      'Threat protection is not enabled for this user pool.',
    )
  })

  it('a sign-in in a pool without threat protection touches no event, one with it three times', async () => {
    const { Id: poolId } = await makePool(server)
    const other = { poolId, clientId: (await makeClient(server, poolId)).ClientId }
    await makeUser(server, poolId, 'ann')
    const onEvents = async (at: TestPool) => {
      await signInFrom(server, at, HOME)
      return (await sqlOf(() => signInFrom(server, at, HOME))).filter((sql) => sql.includes('auth_events')).length
    }
    expect(await onEvents(other)).toBe(0)
    expect(await onEvents(pool)).toBe(3)
  })

  it('a name that belongs to nobody runs as many statements as a wrong password', async () => {
    const { Id: poolId } = await makePool(server, ENFORCED)
    const { ClientId: clientId } = await makeClient(server, poolId, { PreventUserExistenceErrors: 'ENABLED' })
    await makeUser(server, poolId, 'ann')
    const guess = (username: string) =>
      signIn(server, clientId, username, 'Wrong-1-password').catch((error: Error) => error.message)
    // What is of the user or the name; settings are read when a cache is a second old, counts are written each second.
    const isOfUser = (origin: string) =>
      origin.startsWith('cognito-idp/') && !/\/(pool|client|provisioned-limit|user-count)-store\.ts /.test(origin)
    const cost = async (username: string) =>
      (await statementsOf(() => guess(username))).map(({ origin }) => origin).filter(isOfUser).length
    await guess('ann')
    await guess('nobody')
    const ofWrongPassword = await cost('ann')
    expect(ofWrongPassword).toBeGreaterThanOrEqual(4)
    expect(await cost('nobody')).toBe(ofWrongPassword)
    expect(await guess('nobody')).toBe(await guess('ann'))
  })
})
