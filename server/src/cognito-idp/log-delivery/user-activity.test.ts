// What pools export of the doings of their users: one record for each state in which an answer leaves an event.
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  RespondToAuthChallengeCommand,
  SetLogDeliveryConfigurationCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  startTestServer,
  type TestPool,
  type TestServer,
  useTestServer,
} from '../../../test/harness.ts'
import { makeApp, makeUser as makePageUser, signInByPage } from '../../../test/oauth.ts'
import { useStandIn } from '../../../test/push-services.ts'
import { begin, codeOf, giveToken, poolWith, TOTP, wrongCodeOf } from '../../../test/second-factors.ts'
import { signUpUser } from '../../../test/sign-up.ts'
import {
  BUCKET,
  cloudWatchLogs,
  GROUP,
  keys,
  type LogRecord,
  REGION,
  recordsIn,
  s3Api,
  sinksFile,
} from '../../../test/sink-services.ts'
import { AUDIT, ENFORCED, eventsOf, HOME, signInFrom } from '../../../test/threats.ts'

const intoGroup = { CloudWatchLogsConfiguration: { LogGroupArn: GROUP } }
const exportActivity = (server: TestServer, UserPoolId: string, into: object = intoGroup) =>
  server.admin.send(
    new SetLogDeliveryConfigurationCommand({
      UserPoolId,
      LogConfigurations: [{ EventSource: 'userAuthEvents', LogLevel: 'INFO', ...into }],
    }),
  )

describe.each(engines)('user activity (%s)', (engine) => {
  const file = join(mkdtempSync(join(tmpdir(), 'activity-')), 'activity.jsonl')
  const server = useTestServer({ engine, env: { SINKS_FILE: sinksFile({ [GROUP]: { file } }) } })
  let pool: TestPool
  let sub: string
  beforeEach(async () => {
    const { Id } = await makePool(server, { ...AUDIT, AutoVerifiedAttributes: ['email'] })
    pool = { poolId: Id, clientId: (await makeClient(server, Id)).ClientId }
    sub = await makeUser(server, Id, 'ann', { email: 'ann@example.com', email_verified: 'true' })
    await exportActivity(server, Id)
  })
  const recordsOf = (poolId = pool.poolId): LogRecord[] =>
    recordsIn(file).filter(({ logSourceId }) => logSourceId.userPoolId === poolId)
  /** The records of the pool once there are so many, in short. */
  const kinds = async (count: number) => {
    await expect.poll(() => recordsOf().length, { timeout: 15_000 }).toBe(count)
    return recordsOf().map(({ message: { eventType, eventResponse, userName, challenges } }) =>
      [eventType, eventResponse, userName, ...(challenges as string[])].join(' '),
    )
  }

  it('is a record for a sign-in, as the service writes it', async () => {
    await signInFrom(server, pool, HOME)
    await kinds(1)
    const [event] = await eventsOf(server, pool.poolId)
    const [record] = recordsOf()
    expect(record).toEqual({
      eventTimestamp: expect.stringMatching(/^\d{13}$/),
      eventSource: 'USER_ACTIVITY',
      logLevel: 'INFO',
      message: {
        version: '1',
        eventId: event?.EventId,
        eventType: 'SignIn',
        userSub: sub,
        userName: 'ann',
        userPoolId: pool.poolId,
        clientId: pool.clientId,
        creationDate: expect.stringMatching(/^\w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4}$/),
        eventResponse: 'Pass',
        riskLevel: '',
        riskDecision: 'PASS',
        challenges: ['Password:Success'],
        deviceName: 'Firefox 128 / Linux',
        ipAddress: '192.0.2.10',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        idpName: '',
        compromisedCredentialDetected: 'false',
        city: '',
        country: '',
        eventFeedbackValue: '',
        eventFeedbackDate: '',
        eventFeedbackProvider: '',
        hasContextData: 'false',
      },
      logSourceId: { userPoolId: pool.poolId },
    })
    expect(Date.parse(String(record?.message['creationDate']))).toBe(
      Math.floor((event?.CreationDate?.getTime() ?? 0) / 1000) * 1000,
    )
  })

  it('is a record for each sign-up, code, change of a password and failure, with no secret', async () => {
    await expectRefusal(signInFrom(server, pool, HOME, { password: 'Wrong-1-password' }), 'NotAuthorizedException')
    await signUpUser(server, pool.clientId, 'bob', { email: 'bob@example.com' })
    await server.app.send(new ResendConfirmationCodeCommand({ ClientId: pool.clientId, Username: 'bob' }))
    await server.app.send(new ForgotPasswordCommand({ ClientId: pool.clientId, Username: 'ann' }))
    const ConfirmationCode = await server.outbox.latestCode('ann@example.com')
    await server.app.send(
      new ConfirmForgotPasswordCommand({
        ClientId: pool.clientId,
        Username: 'ann',
        ConfirmationCode,
        Password: 'Next-1-password',
      }),
    )
    const { AccessToken, RefreshToken } = await signIn(server, pool.clientId, 'ann', 'Next-1-password')
    const change = { AccessToken, PreviousPassword: 'Next-1-password', ProposedPassword: PASSWORD }
    await server.app.send(new ChangePasswordCommand(change))
    expect(await kinds(7)).toEqual([
      'SignIn Fail ann Password:Failure',
      'SignUp Pass bob',
      'ResendCode Pass bob',
      'ForgotPassword InProgress ann',
      'ForgotPassword Pass ann',
      'SignIn Pass ann Password:Success',
      'PasswordChange Pass ann',
    ])
    const text = readFileSync(file, 'utf8')
    const secrets = ['Wrong-1-password', PASSWORD, 'Next-1-password', ConfirmationCode, AccessToken, RefreshToken]
    for (const secret of [...secrets, 'ann@example.com', 'bob@example.com']) expect(text).not.toContain(secret)
  })

  it('of a name that belongs to nobody is none', async () => {
    await expectRefusal(signInFrom(server, pool, HOME, { username: 'nobody' }), 'UserNotFoundException')
    await signInFrom(server, pool, HOME)
    expect(await kinds(1)).toEqual(['SignIn Pass ann Password:Success'])
  })

  it('of a sign-in with a second factor is told by each answer, under the id of one event', async () => {
    pool = await poolWith(server, { MfaConfiguration: 'OPTIONAL', ...TOTP }, ENFORCED)
    await makeUser(server, pool.poolId, 'ann')
    const secret = await giveToken(server, pool.clientId, 'ann')
    await exportActivity(server, pool.poolId)
    const answer = async (code: string) => {
      const { Session } = await begin(server, pool.clientId, 'ann')
      return server.app.send(
        new RespondToAuthChallengeCommand({
          ClientId: pool.clientId,
          ChallengeName: 'SOFTWARE_TOKEN_MFA',
          Session,
          ChallengeResponses: { USERNAME: 'ann', SOFTWARE_TOKEN_MFA_CODE: code },
        }),
      )
    }
    await expectRefusal(answer(wrongCodeOf(secret, server.clock.now())), 'CodeMismatchException')
    await answer(codeOf(secret, server.clock.now()))
    expect(await kinds(4)).toEqual([
      'SignIn InProgress ann Password:Success',
      'SignIn Fail ann Password:Success Mfa:Failure',
      'SignIn InProgress ann Password:Success',
      'SignIn Pass ann Password:Success Mfa:Success',
    ])
    const ids = recordsOf().map(({ message }) => message['eventId'])
    expect([ids[0] === ids[1], ids[2] === ids[3], ids[0] === ids[2]]).toEqual([true, true, false])
  })

  it('of two pools at one place is told apart', async () => {
    const { Id } = await makePool(server, AUDIT)
    const other = { poolId: Id, clientId: (await makeClient(server, Id)).ClientId }
    await makeUser(server, Id, 'ann')
    await exportActivity(server, Id)
    await Promise.all([signInFrom(server, pool, HOME), signInFrom(server, other, HOME), signInFrom(server, pool, HOME)])
    await kinds(2)
    expect(recordsOf(Id).map(({ message }) => message['clientId'])).toEqual([other.clientId])
  })

  it('is told of the login pages, too', async () => {
    const app = await makeApp(server, { pool: ENFORCED })
    await exportActivity(server, app.poolId)
    const username = await makePageUser(app)
    await signInByPage(app, username)
    await expect.poll(() => recordsOf(app.poolId).length, { timeout: 15_000 }).toBe(1)
    expect(recordsOf(app.poolId)[0]?.message).toMatchObject({
      userName: username,
      eventResponse: 'Pass',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })

  it('is not told in a pool without threat protection, nor after the delivery was ended', async () => {
    const { Id } = await makePool(server, { UserPoolTier: 'PLUS' })
    const { ClientId } = await makeClient(server, Id)
    await makeUser(server, Id, 'ann')
    await exportActivity(server, Id)
    await signIn(server, ClientId, 'ann')
    await signInFrom(server, pool, HOME)
    await kinds(1)
    await server.admin.send(new SetLogDeliveryConfigurationCommand({ UserPoolId: pool.poolId, LogConfigurations: [] }))
    await signInFrom(server, pool, HOME)
    await exportActivity(server, pool.poolId)
    await signInFrom(server, pool, HOME)
    await kinds(2)
    expect(recordsOf(Id)).toEqual([])
  })
})

describe('a place of user activity', () => {
  const standIn = useStandIn()
  const started = async (places: Record<string, object>) => {
    const server = await startTestServer({ env: { SINKS_FILE: sinksFile(places), AWS_REGION: REGION } })
    const { Id } = await makePool(server, AUDIT)
    const { ClientId } = await makeClient(server, Id)
    await makeUser(server, Id, 'ann')
    const enter = () =>
      server.app.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'ann', PASSWORD },
        }),
      )
    return { server, poolId: Id, enter }
  }

  it('that stalls holds up no sign-in, and gets all of them when it goes on', async () => {
    const taken: LogRecord[] = []
    let goOn: () => void = () => undefined
    const stalled = new Promise<void>((resolve) => {
      goOn = resolve
    })
    standIn.answer = async ({ body }) => {
      await stalled
      taken.push(...(JSON.parse(String(body)) as LogRecord[]))
      return { status: 200 }
    }
    const { server, poolId, enter } = await started({ [GROUP]: { webhook: standIn.url, key: 'k'.repeat(32) } })
    await exportActivity(server, poolId)
    await enter()
    await expect.poll(() => standIn.received.length, { timeout: 15_000 }).toBe(1)
    for (let n = 0; n < 20; n++) await enter()
    expect([standIn.received.length, taken.length]).toEqual([1, 0])
    goOn()
    await expect.poll(() => taken.length, { timeout: 15_000 }).toBe(21)
    await server.stop()
  })

  it('gets what waits when the server stops: a bucket', async () => {
    const api = s3Api('logs-of-pools')
    standIn.answer = api.answer
    const { server, poolId, enter } = await started({ 'arn:aws:s3:::*': { s3: standIn.url, region: REGION, ...keys } })
    await exportActivity(server, poolId, { S3Configuration: { BucketArn: BUCKET } })
    await enter()
    expect(api.objects.size).toBe(0)
    await server.stop()
    expect([...api.objects.values()].map((body) => JSON.parse(body))).toMatchObject([
      { eventSource: 'USER_ACTIVITY', message: { userName: 'ann', eventResponse: 'Pass' } },
    ])
  })

  it('gets each sign-in once and in order while it refuses now and then: a log group', async () => {
    const server = { clock: { now: Date.now } } as { clock: { now(): number } }
    const logs = cloudWatchLogs(() => server.clock.now(), '/pools/logs')
    let asked = 0
    standIn.answer = (request) => {
      asked += 1
      return asked % 3 === 2 ? { status: 503 } : logs.answer(request)
    }
    const {
      server: running,
      poolId,
      enter,
    } = await started({ 'arn:aws:logs:*': { cloudwatch: standIn.url, region: REGION, ...keys } })
    server.clock = running.clock
    await exportActivity(running, poolId)
    for (let round = 0; round < 4; round++) {
      for (let n = 0; n < 5; n++) await enter()
      const before = asked
      running.clock.advance(60_000)
      await expect.poll(() => asked, { timeout: 15_000 }).toBeGreaterThan(before)
    }
    running.clock.advance(60_000)
    await expect
      .poll(
        () => {
          running.clock.advance(60_000)
          return logs.messages().length
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBe(20)
    const ids = logs.messages().map((text) => (JSON.parse(text) as LogRecord).message['eventId'] as string)
    expect(new Set(ids).size).toBe(20)
    expect(ids).toEqual([...ids].sort())
    await running.stop()
  })
})
