// The session of SignUp and ConfirmSignUp: whom it signs in, once, and what it does not get around.
import {
  AdminConfirmSignUpCommand,
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  ConfirmSignUpCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { EXPIRED_SESSION, INVALID_SESSION, responder, USED_SESSION } from '../../../test/challenges.ts'
import {
  ALL_FLOWS,
  claimsOf,
  expectRefusal,
  makeClient,
  makePool,
  PASSWORD,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'
import { countOutcomes, signUpUser } from '../../../test/sign-up.ts'

const CHOICE = { ExplicitAuthFlows: [...ALL_FLOWS, 'ALLOW_USER_AUTH' as const] }
const MINUTE_MS = 60 * 1000

describe('the session of a sign-up', () => {
  const server = useTestServer()
  const at = usePool(server, { pool: { AutoVerifiedAttributes: ['email'] }, client: CHOICE })
  const respond = responder(server, at)
  let count = 0
  let name: string
  beforeEach(() => {
    name = `user-${++count}`
  })

  const signUp = (ClientId = at.clientId) => signUpUser(server, ClientId, name, { email: `${name}@example.org` })
  const confirm = async (ClientId = at.clientId) => {
    const ConfirmationCode = await server.outbox.latestCode(`${name}@example.org`)
    return server.app.send(new ConfirmSignUpCommand({ ClientId, Username: name, ConfirmationCode }))
  }
  const signInWith = (Session: string | undefined, ClientId = at.clientId, parameters: Record<string, string> = {}) =>
    server.app.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: 'USER_AUTH',
        AuthParameters: { USERNAME: name, ...parameters },
        Session,
      }),
    )
  /** The session of a user who has just confirmed. */
  const confirmed = async () => {
    await signUp()
    return (await confirm()).Session
  }
  const user = () => ({ UserPoolId: at.poolId, Username: name })

  it('signs the user in once ConfirmSignUp has given it, whatever else is sent', async () => {
    const { UserSub: sub, Session: first } = await signUp()
    expect(first).toMatch(/^AYABe/)
    const { Session } = await confirm()
    const { AuthenticationResult } = await signInWith(Session, at.clientId, { PREFERRED_CHALLENGE: 'EMAIL_OTP' })
    expect(claimsOf(AuthenticationResult?.IdToken as string)).toMatchObject({ sub })
  })

  it('of SignUp is good as soon as the user is confirmed, and not before', async () => {
    const { Session } = await signUp()
    await expectRefusal(signInWith(Session), 'UserNotConfirmedException', 'User is not confirmed.')
    await server.admin.send(new AdminConfirmSignUpCommand(user()))
    expect((await signInWith(Session)).AuthenticationResult).toBeDefined()
  })

  it('is good once', async () => {
    const session = await confirmed()
    const outcomes = await countOutcomes(Array.from({ length: 6 }, () => signInWith(session)))
    expect(outcomes).toEqual({ ok: 1, NotAuthorizedException: 5 })
    await expectRefusal(signInWith(session), 'NotAuthorizedException', USED_SESSION)
  })

  it('is good for its pool, client and user, and answers no challenge', async () => {
    const session = await confirmed()
    const { ClientId } = await makeClient(server, at.poolId, CHOICE)
    await expectRefusal(signInWith(session, ClientId), 'NotAuthorizedException', INVALID_SESSION)
    const elsewhere = await makePool(server, { AutoVerifiedAttributes: ['email'] })
    const foreign = (await makeClient(server, elsewhere.Id, CHOICE)).ClientId
    await signUp(foreign)
    await confirm(foreign)
    await expectRefusal(signInWith(session, foreign), 'NotAuthorizedException', INVALID_SESSION)
    const answers = { ANSWER: 'PASSWORD', PASSWORD, EMAIL_OTP_CODE: '000000', NEW_PASSWORD: PASSWORD }
    for (const challenge of ['SELECT_CHALLENGE', 'PASSWORD', 'EMAIL_OTP', 'NEW_PASSWORD_REQUIRED'] as const)
      await expectRefusal(
        respond(challenge, { USERNAME: name, ...answers }, session),
        'NotAuthorizedException',
        INVALID_SESSION,
      )
    const [mine, other] = [name, `${name}-other`]
    name = other
    await confirmed()
    await expectRefusal(signInWith(session), 'NotAuthorizedException', INVALID_SESSION)
    name = mine
    const { Session: ofChallenge } = await signInWith(undefined)
    await expectRefusal(signInWith(ofChallenge), 'NotAuthorizedException', INVALID_SESSION)
    expect((await signInWith(session)).AuthenticationResult).toBeDefined()
  })

  it('ends with its time, the password, a sign-out everywhere and a disablement', async () => {
    const late = await confirmed()
    server.clock.advance(3 * MINUTE_MS + 1)
    await expectRefusal(signInWith(late), 'NotAuthorizedException', EXPIRED_SESSION)
    name = `${name}-password`
    const changed = await confirmed()
    await server.admin.send(new AdminSetUserPasswordCommand({ ...user(), Password: PASSWORD, Permanent: true }))
    await expectRefusal(signInWith(changed), 'NotAuthorizedException', INVALID_SESSION)
    name = `${name}-out`
    const out = await confirmed()
    await server.admin.send(new AdminUserGlobalSignOutCommand(user()))
    await expectRefusal(signInWith(out), 'NotAuthorizedException', INVALID_SESSION)
    name = `${name}-disabled`
    const disabled = await confirmed()
    await server.admin.send(new AdminDisableUserCommand(user()))
    await expectRefusal(signInWith(disabled), 'NotAuthorizedException', 'User is disabled.')
  })

  it('leads to the second factor where one is required', async () => {
    const { Id } = await makePool(server, {
      AutoVerifiedAttributes: ['phone_number'],
      MfaConfiguration: 'ON',
      SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' },
    })
    const { ClientId } = await makeClient(server, Id, CHOICE)
    const number = '+15550123'
    await signUpUser(server, ClientId, name, { phone_number: number })
    const ConfirmationCode = await server.outbox.latestCode(number)
    const { Session } = await server.app.send(new ConfirmSignUpCommand({ ClientId, Username: name, ConfirmationCode }))
    const challenge = await signInWith(Session, ClientId)
    expect(challenge).toMatchObject({ ChallengeName: 'SMS_MFA' })
    expect(challenge.AuthenticationResult).toBeUndefined()
  })

  it('is given only by clients that allow USER_AUTH', async () => {
    const { ClientId } = await makeClient(server, at.poolId)
    expect((await signUp(ClientId)).Session).toBeUndefined()
    expect((await confirm(ClientId)).Session).toBeUndefined()
  })
})
