// The risk of a sign-in, what a pool does about it, and what feedback changes (docs/reference/user-pools.md 15).
import {
  type AccountTakeoverEventActionType,
  AdminUpdateAuthEventFeedbackCommand,
  SetRiskConfigurationCommand,
  type SetRiskConfigurationCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { responder } from '../../../test/challenges.ts'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  type TestPool,
  useTestServer,
} from '../../../test/harness.ts'
import { codeOf, giveToken, poolWith, TOTP, wrongCodeOf } from '../../../test/second-factors.ts'
import { AUDIT, AWAY, ENFORCED, eventsOf, HOME, signInFrom } from '../../../test/threats.ts'

const BLOCKED = 'Unable to login because of security reasons.'
const REQUEST_BLOCKED = 'Request not allowed due to security reasons.'

describe.each(engines)('account takeover (%s)', (engine) => {
  const server = useTestServer({ engine })
  let pool: TestPool
  const makeProtected = async (settings: Parameters<typeof makePool>[1]): Promise<TestPool> => {
    const { Id } = await makePool(server, settings)
    const made = { poolId: Id, clientId: (await makeClient(server, Id)).ClientId }
    await makeUser(server, Id, 'ann', { email: 'ann@example.com', email_verified: 'true' })
    await signInFrom(server, made, HOME)
    server.clock.advance(60_000)
    return made
  }
  beforeEach(async () => {
    pool = await makeProtected(ENFORCED)
  })
  const configure = (input: Omit<SetRiskConfigurationCommandInput, 'UserPoolId'>, { poolId } = pool) =>
    server.admin.send(new SetRiskConfigurationCommand({ UserPoolId: poolId, ...input }))
  const medium = (EventAction: AccountTakeoverEventActionType, Notify = false) => ({
    AccountTakeoverRiskConfiguration: {
      Actions: { MediumAction: { Notify, EventAction } },
      ...(Notify && { NotifyConfiguration: { SourceArn: 'arn:aws:ses:us-east-1:000000000000:identity/example.com' } }),
    },
  })
  const newest = async ({ poolId } = pool) => {
    const [event] = await eventsOf(server, poolId)
    return event
  }

  it('the first sign-in is no risk, nor are later ones from the same place', async () => {
    await signInFrom(server, pool, HOME)
    for (const event of await eventsOf(server, pool.poolId))
      expect(event).toMatchObject({ EventResponse: 'Pass', EventRisk: { RiskDecision: 'NoRisk' } })
  })

  it('another device in another network is a risk, which the action decides about', async () => {
    await configure(medium('NO_ACTION'))
    expect(await signInFrom(server, pool, AWAY)).toHaveProperty('AuthenticationResult')
    expect(await newest()).toMatchObject({
      EventResponse: 'Pass',
      EventRisk: { RiskDecision: 'AccountTakeover', RiskLevel: 'Medium' },
      EventContextData: { IpAddress: AWAY.address, DeviceName: 'Chrome 125 / Windows 10' },
    })
    // It passed, so it is known from now on.
    await signInFrom(server, pool, AWAY)
    expect(await newest()).toMatchObject({ EventRisk: { RiskDecision: 'NoRisk' } })
  })

  it('BLOCK refuses a right password, and keeps doing so', async () => {
    await configure(medium('BLOCK'))
    await expectRefusal(signInFrom(server, pool, AWAY), 'NotAuthorizedException', BLOCKED)
    expect(await newest()).toMatchObject({
      EventResponse: 'Fail',
      EventRisk: { RiskDecision: 'Block', RiskLevel: 'Medium' },
    })
    await expectRefusal(signInFrom(server, pool, AWAY), 'NotAuthorizedException', BLOCKED)
    expect(await signInFrom(server, pool, HOME)).toHaveProperty('AuthenticationResult')
  })

  it('MFA_REQUIRED refuses a user who has no second factor; MFA_IF_CONFIGURED lets them in', async () => {
    await configure(medium('MFA_REQUIRED'))
    await expectRefusal(signInFrom(server, pool, AWAY), 'NotAuthorizedException', BLOCKED)
    expect(await newest()).toMatchObject({ EventResponse: 'Fail' })
    await configure(medium('MFA_IF_CONFIGURED'))
    expect(await signInFrom(server, pool, AWAY)).toHaveProperty('AuthenticationResult')
  })

  it('MFA_REQUIRED asks a user who has a second factor for it, and the event goes on', async () => {
    const other = await poolWith(server, { MfaConfiguration: 'OPTIONAL', ...TOTP }, ENFORCED)
    await makeUser(server, other.poolId, 'ann')
    const secret = await giveToken(server, other.clientId, 'ann')
    await configure({ ...medium('MFA_REQUIRED') }, other)
    const { ChallengeName, Session } = await signInFrom(server, other, AWAY)
    expect(ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
    const password = { ChallengeName: 'Password', ChallengeResponse: 'Success' }
    expect(await newest(other)).toMatchObject({ EventResponse: 'InProgress', ChallengeResponses: [password] })
    const answer = (code: string) =>
      responder(server, other)('SOFTWARE_TOKEN_MFA', { USERNAME: 'ann', SOFTWARE_TOKEN_MFA_CODE: code }, Session)
    const now = server.clock.now()
    await expectRefusal(answer(wrongCodeOf(secret, now)), 'CodeMismatchException')
    const mfa = (ChallengeResponse: string) => ({ ChallengeName: 'Mfa', ChallengeResponse })
    expect(await newest(other)).toMatchObject({
      EventResponse: 'Fail',
      ChallengeResponses: [password, mfa('Failure')],
      EventRisk: { RiskLevel: 'Medium' },
    })
    expect(await answer(codeOf(secret, now))).toHaveProperty('AuthenticationResult')
    expect(await newest(other)).toMatchObject({
      EventResponse: 'Pass',
      ChallengeResponses: [password, mfa('Success')],
    })
  })

  it('AUDIT records the same and does nothing', async () => {
    const other = await makeProtected(AUDIT)
    await configure(medium('BLOCK'), other)
    expect(await signInFrom(server, other, AWAY)).toHaveProperty('AuthenticationResult')
    expect(await newest(other)).toMatchObject({
      EventResponse: 'Pass',
      EventRisk: { RiskDecision: 'AccountTakeover', RiskLevel: 'Medium' },
    })
  })

  it('the configuration of the app client decides for its sign-ins', async () => {
    await configure(medium('BLOCK'))
    await configure({ ...medium('NO_ACTION'), ClientId: pool.clientId })
    expect(await signInFrom(server, pool, AWAY)).toHaveProperty('AuthenticationResult')
  })

  it('an address of BlockedIPRangeList is refused whatever the password; one of SkippedIPRangeList is no risk', async () => {
    await configure({ ...medium('BLOCK'), RiskExceptionConfiguration: { BlockedIPRangeList: ['198.51.100.0/24'] } })
    for (const password of [PASSWORD, 'Wrong-1-password'])
      await expectRefusal(signInFrom(server, pool, AWAY, { password }), 'NotAuthorizedException', REQUEST_BLOCKED)
    await configure({ ...medium('BLOCK'), RiskExceptionConfiguration: { SkippedIPRangeList: ['198.51.100.0/24'] } })
    expect(await signInFrom(server, pool, AWAY)).toHaveProperty('AuthenticationResult')
    expect(await newest()).toMatchObject({ EventRisk: { RiskDecision: 'NoRisk' } })
  })

  it('feedback changes later sign-ins: an invalid one makes its address bad, a valid one makes it known', async () => {
    await configure(medium('NO_ACTION'))
    const feedback = (EventId: string | undefined, FeedbackValue: 'Valid' | 'Invalid') =>
      server.admin.send(
        new AdminUpdateAuthEventFeedbackCommand({ UserPoolId: pool.poolId, Username: 'ann', EventId, FeedbackValue }),
      )
    await signInFrom(server, pool, AWAY)
    const event = await newest()
    await feedback(event?.EventId, 'Invalid')
    expect((await newest())?.EventFeedback).toEqual({
      FeedbackValue: 'Invalid',
      Provider: 'Admin',
      FeedbackDate: expect.any(Date),
    })
    await configure({})
    await expectRefusal(signInFrom(server, pool, AWAY), 'NotAuthorizedException', BLOCKED)
    expect(await newest()).toMatchObject({ EventRisk: { RiskDecision: 'Block', RiskLevel: 'High' } })
    await feedback(event?.EventId, 'Valid')
    expect(await signInFrom(server, pool, AWAY)).toHaveProperty('AuthenticationResult')
    expect(await newest()).toMatchObject({ EventRisk: { RiskDecision: 'NoRisk' } })
  })

  it('the fingerprint in EncodedData tells devices apart where User-Agents do not', async () => {
    const encoded = (DeviceId: string) =>
      Buffer.from(
        JSON.stringify({ payload: JSON.stringify({ contextData: { DeviceId, ClientTimezone: '+01:00' } }) }),
      ).toString('base64')
    await signInFrom(server, pool, { ...HOME, encodedData: encoded('one') })
    expect(await newest()).toMatchObject({
      EventRisk: { RiskDecision: 'AccountTakeover', RiskLevel: 'Low' },
      EventContextData: { Timezone: '+01:00' },
    })
    await signInFrom(server, pool, { ...HOME, encodedData: encoded('one') })
    expect(await newest()).toMatchObject({ EventRisk: { RiskDecision: 'NoRisk' } })
    await signInFrom(server, pool, { ...HOME, encodedData: encoded('two') })
    expect(await newest()).toMatchObject({ EventRisk: { RiskLevel: 'Low' } })
    await signInFrom(server, pool, { ...HOME, encodedData: 'no base64 of JSON' })
  })
})
