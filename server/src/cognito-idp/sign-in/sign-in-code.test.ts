// The codes of second factors, SMS_MFA as the example: whose they are, how often they may be tried, and that each is good
// once, for one sign-in.
import {
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { EXPIRED_SESSION, INVALID_SESSION, responder, USED_SESSION } from '../../../test/challenges.ts'
import {
  claimsOf,
  engines,
  expectRefusal,
  makeClient,
  makeUser,
  PASSWORD,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'

const WRONG_CODE = 'Invalid code or auth state for the user.'
const MINUTE_MS = 60 * 1000

describe.each(engines)('the code of a second factor on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, {
    pool: { MfaConfiguration: 'ON', SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' } },
  })
  const respond = responder(server, at)
  let name: string
  let number: string
  let sub: string
  let count = 0
  beforeEach(async () => {
    count++
    name = `user-${count}`
    number = `+1555${String(engine.length * 1000 + count).padStart(7, '0')}`
    sub = await makeUser(server, at.poolId, name, { phone_number: number })
  })

  const begin = () =>
    server.app.send(
      new InitiateAuthCommand({
        ClientId: at.clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: name, PASSWORD },
      }),
    )
  /** A sign-in up to its code. */
  async function asked(): Promise<{ session: string | undefined; code: string }> {
    const { Session: session } = await begin()
    return { session, code: (await server.outbox.latestCode(number)) as string }
  }
  const answer = (session: string | undefined, SMS_MFA_CODE: string, more: Record<string, string> = {}) =>
    respond('SMS_MFA', { USERNAME: name, SMS_MFA_CODE, ...more }, session)
  const otherThan = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

  it('is asked for after the password, and gives tokens', async () => {
    const challenge = await begin()
    expect(challenge).toMatchObject({
      ChallengeName: 'SMS_MFA',
      ChallengeParameters: {
        CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS',
        CODE_DELIVERY_DESTINATION: `+*******${number.slice(-4)}`,
        USER_ID_FOR_SRP: name,
      },
      Session: expect.stringMatching(/^AYABe/),
    })
    expect(challenge.AuthenticationResult).toBeUndefined()
    const code = (await server.outbox.latestCode(number)) as string
    const { AuthenticationResult } = await answer(challenge.Session, code)
    expect(claimsOf(AuthenticationResult?.IdToken as string)).toMatchObject({ sub, token_use: 'id' })
  })

  it('belongs to one sign-in: another of the same user has its own', async () => {
    const [first, second] = [await asked(), await asked()]
    if (first.code !== second.code)
      await expectRefusal(answer(second.session, first.code), 'CodeMismatchException', WRONG_CODE)
    expect((await answer(first.session, first.code)).AuthenticationResult).toBeDefined()
    expect((await answer(second.session, second.code)).AuthenticationResult).toBeDefined()
  })

  it('is good once, and of answers at the same time one gets tokens', async () => {
    const { session, code } = await asked()
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => answer(session, code)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expectRefusal(answer(session, code), 'NotAuthorizedException', USED_SESSION)
  })

  it('is void after five wrong tries, also of tries at the same time; the session is good until then', async () => {
    const { session, code } = await asked()
    await Promise.allSettled(Array.from({ length: 4 }, () => answer(session, otherThan(code))))
    expect((await answer(session, code)).AuthenticationResult).toBeDefined()
    const next = await asked()
    await Promise.allSettled(Array.from({ length: 20 }, () => answer(next.session, otherThan(next.code))))
    await expectRefusal(answer(next.session, next.code), 'ExpiredCodeException')
  })

  it('is good for its user, its client and its challenge alone', async () => {
    const { session, code } = await asked()
    const other = `${name}-other`
    await makeUser(server, at.poolId, other, { phone_number: `${number.slice(0, -7)}9${number.slice(-6)}` })
    await expectRefusal(answer(session, code, { USERNAME: other }), 'NotAuthorizedException', INVALID_SESSION)
    const { ClientId } = await makeClient(server, at.poolId)
    await expectRefusal(
      respond('SMS_MFA', { USERNAME: name, SMS_MFA_CODE: code }, session, ClientId),
      'NotAuthorizedException',
      INVALID_SESSION,
    )
    await expectRefusal(
      respond('EMAIL_OTP', { USERNAME: name, EMAIL_OTP_CODE: code }, session),
      'NotAuthorizedException',
      INVALID_SESSION,
    )
    expect((await answer(session, code)).AuthenticationResult).toBeDefined()
  })

  it('ends with the password, a sign-out everywhere, a disablement, and its time', async () => {
    const user = { UserPoolId: at.poolId, Username: name }
    const before = await asked()
    await server.admin.send(new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD, Permanent: true }))
    await expectRefusal(answer(before.session, before.code), 'NotAuthorizedException', INVALID_SESSION)
    const signedOut = await asked()
    await server.admin.send(new AdminUserGlobalSignOutCommand(user))
    await expectRefusal(answer(signedOut.session, signedOut.code), 'NotAuthorizedException', INVALID_SESSION)
    const late = await asked()
    server.clock.advance(3 * MINUTE_MS + 1)
    await expectRefusal(answer(late.session, late.code), 'NotAuthorizedException', EXPIRED_SESSION)
    const disabled = await asked()
    await server.admin.send(new AdminDisableUserCommand(user))
    await expectRefusal(answer(disabled.session, disabled.code), 'NotAuthorizedException', 'User is disabled.')
  })
})

describe('the code of a second factor', () => {
  const server = useTestServer({ env: { SMS_COUNTRIES: 'DE' } })
  const at = usePool(server, {
    pool: { MfaConfiguration: 'ON', SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' } },
  })

  it('that cannot be sent ends the sign-in, and says so', async () => {
    await makeUser(server, at.poolId, 'ada', { phone_number: '+15550001234' })
    const AuthParameters = { USERNAME: 'ada', PASSWORD }
    const begin = new InitiateAuthCommand({ ClientId: at.clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters })
    await expectRefusal(server.app.send(begin), 'CodeDeliveryFailureException')
  })

  it('by SMS verifies the number', async () => {
    const phone_number = '+4915112345678'
    await makeUser(server, at.poolId, 'grace', { phone_number })
    const AuthParameters = { USERNAME: 'grace', PASSWORD }
    const begin = new InitiateAuthCommand({ ClientId: at.clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters })
    const { Session } = await server.app.send(begin)
    const SMS_MFA_CODE = (await server.outbox.latestCode(phone_number)) as string
    const done = await responder(server, at)('SMS_MFA', { USERNAME: 'grace', SMS_MFA_CODE }, Session)
    expect(claimsOf(done.AuthenticationResult?.IdToken as string)).toMatchObject({ phone_number_verified: true })
  })
})
