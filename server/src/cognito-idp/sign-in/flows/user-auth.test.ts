// USER_AUTH: who may choose what, the ways to each first factor, and what the code of a first factor proves.
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminResetUserPasswordCommand,
  AdminRespondToAuthChallengeCommand,
  AdminUpdateUserAttributesCommand,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  EXPIRED_SESSION,
  INVALID_SESSION,
  responder,
  USED_SESSION,
  WRONG_PASSWORD,
} from '../../../../test/challenges.ts'
import {
  ALL_FLOWS,
  claimsOf,
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  usePool,
  useTestServer,
} from '../../../../test/harness.ts'
import { countOutcomes, otherCode, signUpUser } from '../../../../test/sign-up.ts'
import { srpAnswer, srpStart } from '../../../../test/srp-client.ts'

const CHOICE = { ExplicitAuthFlows: [...ALL_FLOWS, 'ALLOW_USER_AUTH' as const] }
const SIGN_IN_POLICY: Partial<CreateUserPoolCommandInput> = {
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'] } },
}
const SMS = { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' } }
const WRONG_CODE = 'Invalid code or auth state for the user.'
const MINUTE_MS = 60 * 1000

describe.each(engines)('USER_AUTH on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { pool: { ...SIGN_IN_POLICY, ...SMS }, client: CHOICE })
  const respond = responder(server, at)
  let count = 0
  let name: string
  let email: string
  let number: string
  beforeEach(() => {
    count++
    name = `user-${count}`
    email = `${name}@example.org`
    number = `+1555${String(engine.length * 1000 + count).padStart(7, '0')}`
  })

  const begin = (parameters: Record<string, string> = {}, ClientId = at.clientId, Session?: string) =>
    server.app.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: 'USER_AUTH',
        AuthParameters: { USERNAME: name, ...parameters },
        Session,
      }),
    )
  const preferring = (PREFERRED_CHALLENGE: string, more: Record<string, string> = {}) =>
    begin({ PREFERRED_CHALLENGE, ...more })
  const user = () =>
    makeUser(server, at.poolId, name, {
      email,
      email_verified: 'true',
      phone_number: number,
      phone_number_verified: 'true',
    })
  const codeTo = async (to: string) => (await server.outbox.latestCode(to)) as string
  const answer = (EMAIL_OTP_CODE: string, session: string | undefined) =>
    respond('EMAIL_OTP', { USERNAME: name, EMAIL_OTP_CODE }, session)
  /** A sign-in by e-mail up to its code. */
  async function asked() {
    const { Session: session } = await preferring('EMAIL_OTP')
    return { session, code: await codeTo(email) }
  }
  const statusOf = async () => {
    const { UserStatus, UserAttributes = [] } = await server.admin.send(
      new AdminGetUserCommand({ UserPoolId: at.poolId, Username: name }),
    )
    return {
      status: UserStatus,
      ...Object.fromEntries(UserAttributes.map(({ Name, Value }) => [Name as string, Value])),
    }
  }

  describe('the choice', () => {
    it('is asked for without a preference, or with one that the user does not have', async () => {
      await user()
      const available = ['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP', 'SMS_OTP']
      for (const parameters of [{}, { PREFERRED_CHALLENGE: 'WEB_AUTHN' }] as Record<string, string>[]) {
        expect(await begin(parameters)).toMatchObject({
          ChallengeName: 'SELECT_CHALLENGE',
          ChallengeParameters: { USERNAME: name },
          AvailableChallenges: available,
          Session: expect.stringMatching(/^AYABe/),
        })
      }
      await server.admin.send(
        new AdminUpdateUserAttributesCommand({
          UserPoolId: at.poolId,
          Username: name,
          UserAttributes: [{ Name: 'email_verified', Value: 'false' }],
        }),
      )
      expect(await preferring('EMAIL_OTP')).toMatchObject({
        ChallengeName: 'SELECT_CHALLENGE',
        AvailableChallenges: ['PASSWORD', 'PASSWORD_SRP', 'SMS_OTP'],
      })
    })

    it('leads to each factor', async () => {
      const sub = await user()
      const select = async (responses: Record<string, string>) =>
        respond('SELECT_CHALLENGE', { USERNAME: name, ...responses }, (await begin()).Session)
      const byPassword = await select({ ANSWER: 'PASSWORD', PASSWORD })
      expect(claimsOf(byPassword.AuthenticationResult?.IdToken as string)).toMatchObject({ sub })
      const password = await select({ ANSWER: 'PASSWORD' })
      expect(password).toMatchObject({ ChallengeName: 'PASSWORD', ChallengeParameters: { USERNAME: name } })
      const typed = await respond('PASSWORD', { USERNAME: name, PASSWORD }, password.Session)
      expect(typed.AuthenticationResult).toBeDefined()
      const start = srpStart()
      const asksForA = await select({ ANSWER: 'PASSWORD_SRP' })
      expect(asksForA).toMatchObject({ ChallengeName: 'PASSWORD_SRP' })
      const verifiers = [
        await select({ ANSWER: 'PASSWORD_SRP', SRP_A: start.A }),
        await respond('PASSWORD_SRP', { USERNAME: name, SRP_A: start.A }, asksForA.Session),
        await preferring('PASSWORD_SRP', { SRP_A: start.A }),
      ]
      for (const { ChallengeName, ChallengeParameters = {}, Session } of verifiers) {
        expect(ChallengeName).toBe('PASSWORD_VERIFIER')
        const claim = srpAnswer(at.poolId, start, ChallengeParameters, PASSWORD)
        await expectRefusal(respond('PASSWORD_VERIFIER', claim), 'InvalidParameterException')
        const { AuthenticationResult } = await respond('PASSWORD_VERIFIER', claim, Session)
        expect(AuthenticationResult).toBeDefined()
      }
      const byEmail = await select({ ANSWER: 'EMAIL_OTP' })
      expect(byEmail).toMatchObject({ ChallengeName: 'EMAIL_OTP' })
      expect((await answer(await codeTo(email), byEmail.Session)).AuthenticationResult).toBeDefined()
      const bySms = await select({ ANSWER: 'SMS_OTP' })
      expect(bySms).toMatchObject({
        ChallengeName: 'SMS_OTP',
        ChallengeParameters: {
          CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS',
          CODE_DELIVERY_DESTINATION: `+*******${number.slice(-4)}`,
        },
      })
      const SMS_OTP_CODE = await codeTo(number)
      const answered = await respond('SMS_OTP', { USERNAME: name, SMS_OTP_CODE }, bySms.Session)
      expect(answered.AuthenticationResult).toBeDefined()
    })

    it('is good once where it succeeds, and can be tried again after a wrong password', async () => {
      await user()
      const { Session } = await begin()
      const choose = (responses: Record<string, string>) =>
        respond('SELECT_CHALLENGE', { USERNAME: name, ...responses }, Session)
      await expectRefusal(
        choose({ ANSWER: 'PASSWORD', PASSWORD: 'Wr0ng!pass' }),
        'NotAuthorizedException',
        WRONG_PASSWORD,
      )
      await expectRefusal(choose({ ANSWER: 'RIDDLE' }), 'InvalidParameterException', 'Invalid ANSWER RIDDLE')
      await expectRefusal(choose({}), 'InvalidParameterException', 'Missing required parameter ANSWER')
      const outcomes = await countOutcomes(Array.from({ length: 4 }, () => choose({ ANSWER: 'PASSWORD', PASSWORD })))
      expect(outcomes).toEqual({ ok: 1, NotAuthorizedException: 3 })
      await expectRefusal(choose({ ANSWER: 'EMAIL_OTP' }), 'NotAuthorizedException', USED_SESSION)
    })

    it('refuses what is no factor, and the factors of a second step', async () => {
      await user()
      for (const factor of ['RIDDLE', 'SMS_MFA', 'SOFTWARE_TOKEN', 'constructor'])
        await expectRefusal(preferring(factor), 'InvalidParameterException', `Invalid PREFERRED_CHALLENGE ${factor}`)
      await expectRefusal(begin({ USERNAME: '' }), 'InvalidParameterException', 'Missing required parameter USERNAME')
      await expectRefusal(preferring('PASSWORD_SRP', { SRP_A: '0' }), 'InvalidParameterException', 'Invalid SRP_A')
    })

    it('is allowed by the client alone', async () => {
      const { ClientId } = await makeClient(server, at.poolId)
      await expectRefusal(
        begin({}, ClientId),
        'InvalidParameterException',
        'USER_AUTH flow not enabled for this client',
      )
    })
  })

  describe('a password', () => {
    it('signs in at once where it comes with the preference; a wrong one is counted and refused', async () => {
      await user()
      expect((await preferring('PASSWORD', { PASSWORD })).AuthenticationResult).toBeDefined()
      for (let guess = 0; guess < 5; guess++)
        await expectRefusal(
          preferring('PASSWORD', { PASSWORD: 'Wr0ng!pass' }),
          'NotAuthorizedException',
          WRONG_PASSWORD,
        )
      await expectRefusal(preferring('PASSWORD', { PASSWORD }), 'NotAuthorizedException', 'Password attempts exceeded')
    })

    it('is all that a user with a temporary one can give, and is replaced', async () => {
      await server.admin.send(
        new AdminCreateUserCommand({
          UserPoolId: at.poolId,
          Username: name,
          TemporaryPassword: PASSWORD,
          MessageAction: 'SUPPRESS',
          UserAttributes: [
            { Name: 'email', Value: email },
            { Name: 'email_verified', Value: 'true' },
          ],
        }),
      )
      expect(await preferring('EMAIL_OTP')).toMatchObject({
        ChallengeName: 'SELECT_CHALLENGE',
        AvailableChallenges: ['PASSWORD', 'PASSWORD_SRP'],
      })
      const { ChallengeName, Session } = await preferring('PASSWORD', { PASSWORD })
      expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
      const NEW_PASSWORD = 'An0ther!one'
      const { AuthenticationResult } = await respond('NEW_PASSWORD_REQUIRED', { USERNAME: name, NEW_PASSWORD }, Session)
      expect(AuthenticationResult).toBeDefined()
    })
  })

  describe('a code', () => {
    it('is sent at once where it is preferred, and signs in', async () => {
      const sub = await user()
      const challenge = await preferring('EMAIL_OTP')
      expect(challenge).toMatchObject({
        ChallengeName: 'EMAIL_OTP',
        ChallengeParameters: {
          CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL',
          CODE_DELIVERY_DESTINATION: 'u***@e***',
          USER_ID_FOR_SRP: name,
        },
        Session: expect.stringMatching(/^AYABe/),
      })
      const code = await codeTo(email)
      await expectRefusal(answer(otherCode(code), challenge.Session), 'CodeMismatchException', WRONG_CODE)
      const { AuthenticationResult } = await answer(code, challenge.Session)
      expect(claimsOf(AuthenticationResult?.IdToken as string)).toMatchObject({ sub })
    })

    it('is good once, for its session, client, pool and challenge', async () => {
      await user()
      const { session, code } = await asked()
      const other = await asked()
      if (other.code !== code) await expectRefusal(answer(code, other.session), 'CodeMismatchException')
      const { ClientId } = await makeClient(server, at.poolId, CHOICE)
      const elsewhere = await makePool(server, SIGN_IN_POLICY)
      await makeUser(server, elsewhere.Id, name, { email, email_verified: 'true' })
      const foreign = await makeClient(server, elsewhere.Id, CHOICE)
      for (const client of [ClientId, foreign.ClientId])
        await expectRefusal(
          respond('EMAIL_OTP', { USERNAME: name, EMAIL_OTP_CODE: code }, session, client),
          'NotAuthorizedException',
          INVALID_SESSION,
        )
      for (const challenge of ['SMS_OTP', 'SMS_MFA', 'SELECT_CHALLENGE', 'PASSWORD'] as const) {
        const answers = { SMS_OTP_CODE: code, SMS_MFA_CODE: code, ANSWER: 'PASSWORD', PASSWORD }
        await expectRefusal(
          respond(challenge, { USERNAME: name, ...answers }, session),
          'NotAuthorizedException',
          INVALID_SESSION,
        )
      }
      const outcomes = await countOutcomes(Array.from({ length: 8 }, () => answer(code, session)))
      expect(outcomes.ok).toBe(1)
      await expectRefusal(answer(code, session), 'NotAuthorizedException', USED_SESSION)
    })

    it('is void after five wrong tries, and with its session', async () => {
      await user()
      const { session, code } = await asked()
      await Promise.allSettled(Array.from({ length: 12 }, () => answer(otherCode(code), session)))
      await expectRefusal(answer(code, session), 'ExpiredCodeException')
      const late = await asked()
      server.clock.advance(3 * MINUTE_MS + 1)
      await expectRefusal(answer(late.code, late.session), 'NotAuthorizedException', EXPIRED_SESSION)
    })

    it('proves nothing once the user has another address', async () => {
      await user()
      const { session, code } = await asked()
      await server.admin.send(
        new AdminUpdateUserAttributesCommand({
          UserPoolId: at.poolId,
          Username: name,
          UserAttributes: [
            { Name: 'email', Value: `other-${email}` },
            { Name: 'email_verified', Value: 'true' },
          ],
        }),
      )
      await expectRefusal(answer(code, session), 'ExpiredCodeException')
    })

    it('is refused to a user who is disabled or must reset the password', async () => {
      await user()
      const before = await asked()
      const key = { UserPoolId: at.poolId, Username: name }
      await server.admin.send(new AdminDisableUserCommand(key))
      await expectRefusal(preferring('EMAIL_OTP'), 'NotAuthorizedException', 'User is disabled.')
      await expectRefusal(answer(before.code, before.session), 'NotAuthorizedException')
      name = `${name}-reset`
      await makeUser(server, at.poolId, name, { email: `reset-${email}`, email_verified: 'true' })
      await server.admin.send(new AdminResetUserPasswordCommand({ ...key, Username: name }))
      await expectRefusal(preferring('EMAIL_OTP'), 'PasswordResetRequiredException')
      await expectRefusal(begin(), 'PasswordResetRequiredException')
    })

    it('confirms a user who has signed up, and verifies the address', async () => {
      await signUpUser(server, at.clientId, name, { email })
      expect(await statusOf()).toMatchObject({ status: 'UNCONFIRMED', email_verified: 'false' })
      await expectRefusal(preferring('PASSWORD', { PASSWORD }), 'UserNotConfirmedException')
      const { session, code } = await asked()
      const outcomes = await countOutcomes(Array.from({ length: 4 }, () => answer(code, session)))
      expect(outcomes.ok).toBe(1)
      expect(await statusOf()).toMatchObject({ status: 'CONFIRMED', email_verified: 'true' })
      expect((await preferring('PASSWORD', { PASSWORD })).AuthenticationResult).toBeDefined()
    })

    it('confirms nobody whose address another user has as an alias', async () => {
      const { Id } = await makePool(server, { ...SIGN_IN_POLICY, AliasAttributes: ['email'] })
      const { ClientId } = await makeClient(server, Id, CHOICE)
      await signUpUser(server, ClientId, name, { email })
      await makeUser(server, Id, `${name}-holder`, { email, email_verified: 'true' })
      const { Session } = await begin({ PREFERRED_CHALLENGE: 'EMAIL_OTP' }, ClientId)
      const EMAIL_OTP_CODE = await codeTo(email)
      await expectRefusal(
        respond('EMAIL_OTP', { USERNAME: name, EMAIL_OTP_CODE }, Session, ClientId),
        'AliasExistsException',
        'An account with the given email already exists.',
      )
    })
  })

  describe('without a password', () => {
    const signUp = (UserAttributes: { Name: string; Value: string }[], ClientId = at.clientId) =>
      server.app.send(new SignUpCommand({ ClientId, Username: name, UserAttributes }))

    it('users sign up, and sign in by codes alone', async () => {
      const { UserSub: sub } = await signUp([{ Name: 'email', Value: email }])
      expect(await begin()).toMatchObject({ AvailableChallenges: ['EMAIL_OTP'] })
      for (let time = 0; time < 2; time++) {
        const { session, code } = await asked()
        const { AuthenticationResult } = await answer(code, session)
        expect(claimsOf(AuthenticationResult?.IdToken as string)).toMatchObject({ sub, email_verified: true })
      }
      for (const parameters of [{ PASSWORD: '' }, { PASSWORD: 'Any.Passw0rd' }])
        expect(await preferring('PASSWORD', parameters)).toMatchObject({ ChallengeName: 'SELECT_CHALLENGE' })
      const plain = { ClientId: at.clientId, AuthParameters: { USERNAME: name, PASSWORD: 'Any.Passw0rd' } }
      await expectRefusal(
        server.app.send(new InitiateAuthCommand({ ...plain, AuthFlow: 'USER_PASSWORD_AUTH' })),
        'NotAuthorizedException',
        WRONG_PASSWORD,
      )
    })

    it('nobody signs up who could not sign in', async () => {
      const missing =
        "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null"
      await expectRefusal(signUp([]), 'InvalidParameterException', missing)
      const strict = await makePool(server, { ...SIGN_IN_POLICY, ...SMS, MfaConfiguration: 'ON' })
      const plain = await makePool(server)
      for (const { Id } of [strict, plain]) {
        const { ClientId } = await makeClient(server, Id, CHOICE)
        await expectRefusal(signUp([{ Name: 'email', Value: email }], ClientId), 'InvalidParameterException', missing)
      }
    })

    it('administrators make users, whose first code verifies the address', async () => {
      await server.admin.send(
        new AdminCreateUserCommand({
          UserPoolId: at.poolId,
          Username: name,
          MessageAction: 'SUPPRESS',
          UserAttributes: [{ Name: 'email', Value: email }],
        }),
      )
      const { session, code } = await asked()
      expect((await answer(code, session)).AuthenticationResult).toBeDefined()
      expect(await statusOf()).toMatchObject({ status: 'CONFIRMED', email_verified: 'true' })
    })
  })

  it('reaches the level of assurance that the application asks for, and says so in both tokens', async () => {
    await makeUser(server, at.poolId, name, { email, email_verified: 'true' })
    const begin = (AuthParameters: Record<string, string>) =>
      server.app.send(
        new InitiateAuthCommand({
          AuthFlow: 'USER_AUTH',
          ClientId: at.clientId,
          AuthParameters: { USERNAME: name, ...AuthParameters },
        }),
      )
    const password = { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD }
    const low = await begin({ ...password, TARGET_ACR_VALUES: 'unknown urn:cognito:loa:1', MAX_AGE: '60' })
    for (const token of ['AccessToken', 'IdToken'] as const)
      expect(claimsOf(low.AuthenticationResult?.[token] as string)).toMatchObject({
        acr: 'urn:cognito:loa:1',
        amr: ['pwd'],
      })
    expect(claimsOf((await begin(password)).AuthenticationResult?.IdToken as string)).not.toHaveProperty('acr')
    const choice = await begin({ TARGET_ACR_VALUES: 'urn:cognito:loa:2' })
    expect(choice.AvailableChallenges).toEqual(['EMAIL_OTP'])
    const asked = await respond('SELECT_CHALLENGE', { USERNAME: name, ANSWER: 'EMAIL_OTP' }, choice.Session)
    const code = await server.outbox.latestCode(email)
    const high = await respond('EMAIL_OTP', { USERNAME: name, EMAIL_OTP_CODE: code }, asked.Session)
    expect(claimsOf(high.AuthenticationResult?.IdToken as string)).toMatchObject({
      acr: 'urn:cognito:loa:2',
      amr: ['email_otp'],
    })
    await expectRefusal(begin({ TARGET_ACR_VALUES: 'none' }), 'InvalidParameterException', 'Invalid TARGET_ACR_VALUES')
    await expectRefusal(begin({ MAX_AGE: 'soon' }), 'InvalidParameterException', 'Invalid MAX_AGE')
  })

  it('is open to the Admin operations', async () => {
    await user()
    const here = { UserPoolId: at.poolId, ClientId: at.clientId }
    const { ChallengeName, Session } = await server.admin.send(
      new AdminInitiateAuthCommand({
        ...here,
        AuthFlow: 'USER_AUTH',
        AuthParameters: { USERNAME: name, PREFERRED_CHALLENGE: 'EMAIL_OTP' },
      }),
    )
    expect(ChallengeName).toBe('EMAIL_OTP')
    const ChallengeResponses = { USERNAME: name, EMAIL_OTP_CODE: await codeTo(email) }
    const { AuthenticationResult } = await server.admin.send(
      new AdminRespondToAuthChallengeCommand({ ...here, ChallengeName: 'EMAIL_OTP', Session, ChallengeResponses }),
    )
    expect(AuthenticationResult).toBeDefined()
  })
})
