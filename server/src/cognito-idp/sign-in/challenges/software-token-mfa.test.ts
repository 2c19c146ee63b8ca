// A code of an authenticator app as the second factor: good once, on every process, and counted before it is evaluated.
import { randomBytes } from 'node:crypto'
import { AssociateSoftwareTokenCommand, VerifySoftwareTokenCommand } from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { INVALID_SESSION, responder, USED_SESSION } from '../../../../test/challenges.ts'
import {
  claimsOf,
  engines,
  expectRefusal,
  makeClient,
  makeUser,
  startTestServer,
  type TestPool,
  type TestServer,
  useTestServer,
} from '../../../../test/harness.ts'
import { postgresUrl } from '../../../../test/postgres.ts'
import { begin, codeOf, giveToken, poolWith, STEP_MS, TOTP, wrongCodeOf } from '../../../../test/second-factors.ts'

const WRONG = 'Invalid code received for user'
const USED = 'Your software token has already been used once.'
const LIMIT = 'Attempt limit exceeded, please try after some time.'
const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS

describe.each(engines)('SOFTWARE_TOKEN_MFA on %s', (engine) => {
  const server = useTestServer({ engine })
  let at: TestPool
  let name: string
  let secret: string
  let count = 0
  beforeAll(async () => {
    at = await poolWith(server, { MfaConfiguration: 'OPTIONAL', ...TOTP })
  })
  beforeEach(async () => {
    server.clock.freeze()
    name = `user-${++count}`
    await makeUser(server, at.poolId, name)
    secret = await giveToken(server, at.clientId, name)
  })

  const asked = async () => (await begin(server, at.clientId, name)).Session
  const answer = (
    session: string | undefined,
    SOFTWARE_TOKEN_MFA_CODE: string,
    USERNAME = name,
    client = at.clientId,
  ) => responder(server, at)('SOFTWARE_TOKEN_MFA', { USERNAME, SOFTWARE_TOKEN_MFA_CODE }, session, client)
  const now = () => codeOf(secret, server.clock.now())
  const wrong = () => wrongCodeOf(secret, server.clock.now())

  it('is asked for after the password, and gives tokens', async () => {
    const challenge = await begin(server, at.clientId, name)
    expect(challenge).toMatchObject({
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      ChallengeParameters: { USER_ID_FOR_SRP: name },
    })
    expect(challenge.AuthenticationResult).toBeUndefined()
    const { AuthenticationResult } = await answer(challenge.Session, now())
    expect(claimsOf(AuthenticationResult?.IdToken as string)).toMatchObject({ 'cognito:username': name })
  })

  it('takes codes of a step before and after, and no others', async () => {
    const [start, session] = [server.clock.now(), await asked()]
    for (const steps of [-2, 2])
      await expectRefusal(answer(session, codeOf(secret, start + steps * STEP_MS)), 'CodeMismatchException', WRONG)
    expect((await answer(session, codeOf(secret, start + STEP_MS))).AuthenticationResult).toBeDefined()
    // A later step uses up all before it.
    await expectRefusal(answer(await asked(), codeOf(secret, start)), 'ExpiredCodeException', USED)
    server.clock.advance(3 * STEP_MS)
    const late = codeOf(secret, server.clock.now() - STEP_MS)
    expect((await answer(await asked(), late)).AuthenticationResult).toBeDefined()
  })

  it('takes a code once, in whatever sign-in', async () => {
    const [first, second] = [await asked(), await asked()]
    expect((await answer(first, now())).AuthenticationResult).toBeDefined()
    await expectRefusal(answer(second, now()), 'ExpiredCodeException', USED)
    await expectRefusal(answer(first, now()), 'NotAuthorizedException', USED_SESSION)
  })

  it('takes a code once of many sign-ins at the same time', async () => {
    const sessions = await Promise.all(Array.from({ length: 5 }, asked))
    const outcomes = await Promise.allSettled(sessions.map((session) => answer(session, now())))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const session = await asked()
    server.clock.advance(STEP_MS)
    const again = await Promise.allSettled(Array.from({ length: 5 }, () => answer(session, now())))
    expect(again.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('evaluates five wrong codes an hour and ten a day, of sessions and at the same time; then not even the right one', async () => {
    server.clock.advance(DAY_MS - (server.clock.now() % DAY_MS) + 60_000)
    const sessions = [await asked(), await asked()]
    const outcomes = await Promise.allSettled(Array.from({ length: 13 }, (_, i) => answer(sessions[i % 2], wrong())))
    const names = outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.name)
    expect(names.filter((one) => one === 'CodeMismatchException')).toHaveLength(5)
    expect(names.filter((one) => one === 'TooManyRequestsException')).toHaveLength(8)
    await expectRefusal(answer(await asked(), now()), 'TooManyRequestsException', LIMIT)
    let evaluated = 5
    for (let hour = 0; hour < 3; hour++) {
      server.clock.advance(HOUR_MS)
      const next = await asked()
      for (let i = 0; i < 6; i++)
        await answer(next, wrong()).catch((error: Error) => {
          if (error.name === 'CodeMismatchException') evaluated++
        })
    }
    expect(evaluated).toBe(10)
    server.clock.advance(DAY_MS)
    // Right codes count for nothing.
    for (let i = 0; i < 7; i++) {
      server.clock.advance(STEP_MS)
      expect((await answer(await asked(), now())).AuthenticationResult).toBeDefined()
    }
  })

  it('is good for its user, its client and its challenge alone', async () => {
    const session = await asked()
    const other = `${name}-other`
    await makeUser(server, at.poolId, other)
    const theirs = await giveToken(server, at.clientId, other)
    const { ClientId } = await makeClient(server, at.poolId)
    for (const [user, client] of [
      [other, at.clientId],
      [name, ClientId],
    ] as const)
      await expectRefusal(answer(session, now(), user, client), 'NotAuthorizedException', INVALID_SESSION)
    await expectRefusal(
      responder(server, at)('SMS_MFA', { USERNAME: name, SMS_MFA_CODE: now() }, session),
      'NotAuthorizedException',
      INVALID_SESSION,
    )
    // Nor does the token of another user, or of the same name in another pool, prove anything.
    await expectRefusal(answer(session, codeOf(theirs, server.clock.now())), 'CodeMismatchException', WRONG)
    const twin = await poolWith(server, { MfaConfiguration: 'OPTIONAL', ...TOTP })
    await makeUser(server, twin.poolId, name)
    const twins = await giveToken(server, twin.clientId, name)
    await expectRefusal(answer(await asked(), codeOf(twins, server.clock.now())), 'CodeMismatchException', WRONG)
    expect((await answer(await asked(), now())).AuthenticationResult).toBeDefined()
  })

  it('needs a code', async () => {
    const respond = responder(server, at)
    await expectRefusal(
      respond('SOFTWARE_TOKEN_MFA', { USERNAME: name }, await asked()),
      'InvalidParameterException',
      'Missing required parameter SOFTWARE_TOKEN_MFA_CODE',
    )
    await expectRefusal(
      respond('SOFTWARE_TOKEN_MFA', { USERNAME: name, SOFTWARE_TOKEN_MFA_CODE: now() }),
      'InvalidParameterException',
      'Missing required parameter Session',
    )
  })
})

describe('SOFTWARE_TOKEN_MFA at two processes', () => {
  let servers: TestServer[] = []
  beforeAll(async () => {
    const env = { DATABASE_URL: await postgresUrl(), COGNOMEN_MASTER_KEY: randomBytes(32).toString('base64') }
    servers = [await startTestServer({ env }), await startTestServer({ env })]
  })
  afterAll(() => Promise.all(servers.map((server) => server.stop())))

  it('takes a code at one of them', async () => {
    const [one, two] = servers as [TestServer, TestServer]
    const at = await poolWith(one, { MfaConfiguration: 'ON', ...TOTP })
    await makeUser(one, at.poolId, 'ada')
    const { Session } = await begin(one, at.clientId, 'ada')
    const { SecretCode = '', Session: next } = await two.app.send(new AssociateSoftwareTokenCommand({ Session }))
    await one.app.send(new VerifySoftwareTokenCommand({ Session: next, UserCode: codeOf(SecretCode, one.clock.now()) }))
    for (let round = 0; round < 3; round++) {
      for (const server of servers) server.clock.advance(STEP_MS)
      const SOFTWARE_TOKEN_MFA_CODE = codeOf(SecretCode, one.clock.now())
      const outcomes = await Promise.allSettled(
        [one, two, one, two].map(async (server) => {
          const { Session: session } = await begin(server, at.clientId, 'ada')
          return responder(server, at)('SOFTWARE_TOKEN_MFA', { USERNAME: 'ada', SOFTWARE_TOKEN_MFA_CODE }, session)
        }),
      )
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const outcome of outcomes)
        if (outcome.status === 'rejected')
          expect(`${outcome.reason.name}: ${outcome.reason.message}`).toBe(`ExpiredCodeException: ${USED}`)
    }
  })
})
