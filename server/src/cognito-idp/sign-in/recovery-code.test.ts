// A recovery code where a second factor is asked for: good once, for its user alone, and counted like any other guess.
import { randomBytes } from 'node:crypto'
import {
  AdminSetUserMFAPreferenceCommand,
  type AdminSetUserMFAPreferenceCommandInput,
  InitiateAuthCommand,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { responder, USED_SESSION } from '../../../test/challenges.ts'
import {
  claimsOf,
  engines,
  expectRefusal,
  makeClient,
  makeUser,
  signIn,
  startTestServer,
  type TestPool,
  type TestServer,
  useTestServer,
} from '../../../test/harness.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import { newCodes, recoveryPool, toldOf, withCodes } from '../../../test/recovery-codes.ts'
import { begin, codeOf, EMAIL, giveToken, poolWith, SMS, TOTP, wrongCodeOf } from '../../../test/second-factors.ts'
import { countOutcomes } from '../../../test/sign-up.ts'

const WRONG = 'Invalid code or auth state for the user.'
const LIMIT = 'Attempt limit exceeded, please try after some time.'
/** Of the right form, and none of anybody's but with a probability of 2^-45. */
const NOBODYS = '00000-00000'

describe.each(engines)('a recovery code on %s', (engine) => {
  const server = useTestServer({ engine })
  let at: TestPool
  let name: string
  let secret: string
  let codes: string[]
  let AccessToken: string
  let count = 0
  beforeAll(async () => {
    at = await recoveryPool(server, 8)
  })
  beforeEach(async () => {
    server.clock.freeze()
    name = `user-${++count}`
    await makeUser(server, at.poolId, name, { email: `${name}@example.com`, email_verified: 'true' })
    AccessToken = (await signIn(server, at.clientId, name)).AccessToken
    secret = await giveToken(server, at.clientId, name)
    codes = await newCodes(server, AccessToken)
  })
  const asked = async () => (await begin(server, at.clientId, name)).Session
  const answer = (session: string | undefined, SOFTWARE_TOKEN_MFA_CODE: string, USERNAME = name) =>
    responder(server, at)('SOFTWARE_TOKEN_MFA', { USERNAME, SOFTWARE_TOKEN_MFA_CODE }, session)
  const code = (number: number) => codes[number] as string

  it('stands in for the code of the app, however it is typed', async () => {
    const { AuthenticationResult } = await answer(await asked(), code(0))
    expect(claimsOf(AuthenticationResult?.IdToken as string)).toMatchObject({ 'cognito:username': name })
    const typed = ` ${code(1).toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `
    expect((await answer(await asked(), typed)).AuthenticationResult).toBeDefined()
    // The app goes on to work beside it.
    expect((await answer(await asked(), codeOf(secret, server.clock.now()))).AuthenticationResult).toBeDefined()
  })

  it('is good once, in whatever sign-in; a wrong one leaves the session good', async () => {
    const [first, second] = [await asked(), await asked()]
    await expectRefusal(answer(first, NOBODYS), 'CodeMismatchException', WRONG)
    expect((await answer(first, code(0))).AuthenticationResult).toBeDefined()
    await expectRefusal(answer(second, code(0)), 'CodeMismatchException', WRONG)
    for (const again of [code(0), code(1)])
      await expectRefusal(answer(first, again), 'NotAuthorizedException', USED_SESSION)
    expect(await toldOf(server, AccessToken)).toMatchObject({ Remaining: 7 })
    expect((await answer(second, code(1))).AuthenticationResult).toBeDefined()
  })

  it('has one winner of twenty sign-ins at once, and a session signs in once', async () => {
    const sessions = await Promise.all(Array.from({ length: 20 }, asked))
    const ends = await countOutcomes(sessions.map((session) => answer(session, code(0))))
    expect(ends['ok']).toBe(1)
    expect(Object.keys(ends).filter((end) => !/^(ok|CodeMismatch|TooManyRequests)/.test(end))).toEqual([])
    expect(await toldOf(server, AccessToken)).toMatchObject({ Remaining: 7 })
    server.clock.advance(60 * 60 * 1000)
    const session = await asked()
    const more = await countOutcomes([1, 2, 3, 4].map((number) => answer(session, code(number))))
    expect(more['ok']).toBe(1)
    // Those that came too late have used no code up.
    expect(await toldOf(server, (await reentered()).AccessToken)).toMatchObject({ Remaining: 5 })
  })
  /** A sign-in by another code, as the access token has run out. */
  const reentered = async () => (await answer(await asked(), code(5))).AuthenticationResult as { AccessToken: string }

  it('is its user’s alone, in its pool', async () => {
    const other = `${name}-other`
    await makeUser(server, at.poolId, other)
    const theirs = await signIn(server, at.clientId, other)
    await giveToken(server, at.clientId, other)
    const [foreign = ''] = await newCodes(server, theirs.AccessToken)
    await expectRefusal(answer(await asked(), foreign), 'CodeMismatchException', WRONG)
    await expectRefusal(answer(await asked(), code(0), other), 'NotAuthorizedException')
    const twin = await recoveryPool(server)
    await makeUser(server, twin.poolId, name)
    const twins = await signIn(server, twin.clientId, name)
    await giveToken(server, twin.clientId, name)
    const [elsewhere = ''] = await newCodes(server, twins.AccessToken)
    await expectRefusal(answer(await asked(), elsewhere), 'CodeMismatchException', WRONG)
    const { ClientId } = await makeClient(server, at.poolId)
    const given = { USERNAME: name, SOFTWARE_TOKEN_MFA_CODE: code(0) }
    await expectRefusal(
      responder(server, at)('SOFTWARE_TOKEN_MFA', given, await asked(), ClientId),
      'NotAuthorizedException',
    )
    expect((await answer(await asked(), code(0))).AuthenticationResult).toBeDefined()
  })

  it('is guessed no more often than other codes, together with them', async () => {
    const session = await asked()
    // Fifteen uses an hour: a wrong code of the app counts three times, as three are right at a time.
    for (let i = 0; i < 9; i++) await expectRefusal(answer(session, NOBODYS), 'CodeMismatchException', WRONG)
    const wrong = wrongCodeOf(secret, server.clock.now())
    for (let i = 0; i < 2; i++) await expectRefusal(answer(session, wrong), 'CodeMismatchException')
    await expectRefusal(answer(session, code(0)), 'TooManyRequestsException', LIMIT)
    server.clock.advance(60 * 60 * 1000)
    expect((await answer(await asked(), code(0))).AuthenticationResult).toBeDefined()
  })

  it('does not count for a guess when it is right', async () => {
    for (const one of codes) expect((await answer(await asked(), one)).AuthenticationResult).toBeDefined()
    expect(await toldOf(server, AccessToken)).toEqual({ Remaining: 0 })
  })

  it('is told of by e-mail, with how many are left', async () => {
    const told = async () =>
      (await server.outbox.messages()).filter(({ to, subject }) => to === `${name}@example.com` && subject)
    expect(await told()).toEqual([])
    await answer(await asked(), code(0))
    const [message] = await told()
    expect(message).toMatchObject({ subject: 'A recovery code was used', body: expect.stringMatching(/7 left/) })
    for (const typed of codes) expect(message?.body).not.toContain(typed)
  })
})

describe('a recovery code at each challenge', () => {
  const server = useTestServer()
  let at: TestPool
  const name = 'grace'
  const contacts = { email: 'grace@example.com', email_verified: 'true', phone_number: '+15550007001' }
  beforeAll(async () => {
    const factors = { MfaConfiguration: 'OPTIONAL', ...TOTP, ...EMAIL, SmsMfaConfiguration: SMS } as const
    at = await poolWith(server, factors, {
      ...withCodes(12),
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] },
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
    })
    await makeUser(server, at.poolId, name, contacts)
    const user = { UserPoolId: at.poolId, Username: name }
    AccessToken = (await signIn(server, at.clientId, name)).AccessToken
    prefer = (settings) => server.admin.send(new AdminSetUserMFAPreferenceCommand({ ...user, ...settings }))
    await prefer({ SMSMfaSettings: { Enabled: true } })
    codes = await newCodes(server, AccessToken)
  })
  let AccessToken: string
  let codes: string[]
  let prefer: (settings: Omit<AdminSetUserMFAPreferenceCommandInput, 'UserPoolId' | 'Username'>) => Promise<unknown>
  const respond = (challenge: Parameters<ReturnType<typeof responder>>[0], more: Record<string, string>, s?: string) =>
    responder(server, at)(challenge, { USERNAME: name, ...more }, s)
  const next = () => codes.pop() as string

  it('SMS_MFA', async () => {
    const { ChallengeName, Session } = await begin(server, at.clientId, name)
    expect(ChallengeName).toBe('SMS_MFA')
    const { AuthenticationResult } = await respond('SMS_MFA', { SMS_MFA_CODE: next() }, Session)
    expect(AuthenticationResult).toBeDefined()
  })

  it('EMAIL_OTP as the second factor, not as the first', async () => {
    await prefer({ EmailMfaSettings: { Enabled: true, PreferredMfa: true } })
    const { ChallengeName, Session } = await begin(server, at.clientId, name)
    expect(ChallengeName).toBe('EMAIL_OTP')
    const { AuthenticationResult } = await respond('EMAIL_OTP', { EMAIL_OTP_CODE: next() }, Session)
    expect(AuthenticationResult).toBeDefined()

    const { ClientId } = await makeClient(server, at.poolId, { ExplicitAuthFlows: ['ALLOW_USER_AUTH'] })
    await makeUser(server, at.poolId, 'plain', { email: 'plain@example.com', email_verified: 'true' })
    const AuthParameters = { USERNAME: 'plain', PREFERRED_CHALLENGE: 'EMAIL_OTP' }
    const first = await server.app.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_AUTH', AuthParameters }))
    expect(first.ChallengeName).toBe('EMAIL_OTP')
    const given = { USERNAME: 'plain', EMAIL_OTP_CODE: codes[0] as string }
    await expectRefusal(
      responder(server, at)('EMAIL_OTP', given, first.Session, ClientId),
      'CodeMismatchException',
      WRONG,
    )
    expect(await toldOf(server, AccessToken)).toMatchObject({ Remaining: codes.length })
  })

  it('SELECT_MFA_TYPE, in place of a choice', async () => {
    await prefer({ EmailMfaSettings: { Enabled: true, PreferredMfa: false } })
    const { ChallengeName, Session } = await begin(server, at.clientId, name)
    expect(ChallengeName).toBe('SELECT_MFA_TYPE')
    await expectRefusal(respond('SELECT_MFA_TYPE', { ANSWER: NOBODYS }, Session), 'CodeMismatchException', WRONG)
    expect((await respond('SELECT_MFA_TYPE', { ANSWER: next() }, Session)).AuthenticationResult).toBeDefined()
  })

  it('not one that sets a factor up', async () => {
    const required = await poolWith(server, { MfaConfiguration: 'OPTIONAL', ...EMAIL, ...TOTP }, withCodes(2))
    await makeUser(server, required.poolId, name)
    const tokens = await signIn(server, required.clientId, name)
    await giveToken(server, required.clientId, name)
    const [spare = ''] = await newCodes(server, tokens.AccessToken)
    // The pool asks for e-mail alone from now on, which the user has to set up.
    await server.admin.send(
      new SetUserPoolMfaConfigCommand({ UserPoolId: required.poolId, MfaConfiguration: 'ON', ...EMAIL }),
    )
    server.clock.advance(2000)
    const { ChallengeName, Session } = await begin(server, required.clientId, name)
    expect(ChallengeName).toBe('MFA_SETUP')
    const answer = { USERNAME: name, EMAIL: 'new@example.com' }
    const sent = await responder(server, required)('MFA_SETUP', answer, Session)
    expect(sent.ChallengeName).toBe('EMAIL_OTP')
    await expectRefusal(
      responder(server, required)('EMAIL_OTP', { USERNAME: name, EMAIL_OTP_CODE: spare }, sent.Session),
      'CodeMismatchException',
      WRONG,
    )
  })
})

describe('a recovery code at two processes', () => {
  let servers: TestServer[] = []
  beforeAll(async () => {
    const env = { DATABASE_URL: await postgresUrl(), COGNOMEN_MASTER_KEY: randomBytes(32).toString('base64') }
    servers = [await startTestServer({ env }), await startTestServer({ env })]
  })
  afterAll(() => Promise.all(servers.map((server) => server.stop())))

  it('is taken by one of them', async () => {
    const [one, two] = servers as [TestServer, TestServer]
    const at = await recoveryPool(one, 3)
    await makeUser(one, at.poolId, 'ada')
    const { AccessToken } = await signIn(one, at.clientId, 'ada')
    await giveToken(one, at.clientId, 'ada')
    for (const code of await newCodes(one, AccessToken)) {
      const ends = await countOutcomes(
        [one, two, one, two].map(async (server) => {
          const { Session } = await begin(server, at.clientId, 'ada')
          const answer = { USERNAME: 'ada', SOFTWARE_TOKEN_MFA_CODE: code }
          return responder(server, at)('SOFTWARE_TOKEN_MFA', answer, Session)
        }),
      )
      expect(ends['ok']).toBe(1)
      for (const server of servers) server.clock.advance(60 * 60 * 1000)
    }
  })
})
