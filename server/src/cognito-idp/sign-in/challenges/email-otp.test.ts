// EMAIL_OTP as the second factor. What codes have in common is sign-in-code.test.ts.
import {
  AdminGetUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminUpdateUserAttributesCommand,
  ForgotPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { responder } from '../../../../test/challenges.ts'
import { expectRefusal, makeUser, type TestPool, useTestServer } from '../../../../test/harness.ts'
import { begin, poolWith, SMS, TOTP } from '../../../../test/second-factors.ts'

describe('EMAIL_OTP', () => {
  const server = useTestServer()
  const EmailMfaConfiguration = { Message: 'Use <b>{####}</b> now', Subject: 'Your sign-in' }
  const answer = async (at: TestPool, name: string, session: string | undefined, email: string) =>
    responder(server, at)(
      'EMAIL_OTP',
      { USERNAME: name, EMAIL_OTP_CODE: (await server.outbox.latestCode(email)) as string },
      session,
    )
  const set = (at: TestPool, Username: string, preferences: object) =>
    server.admin.send(new AdminSetUserMFAPreferenceCommand({ UserPoolId: at.poolId, Username, ...preferences }))
  const attributes = async (at: TestPool, Username: string) => {
    const user = await server.admin.send(new AdminGetUserCommand({ UserPoolId: at.poolId, Username }))
    return Object.fromEntries((user.UserAttributes ?? []).map(({ Name, Value }) => [Name, Value]))
  }

  it('sends the message of the pool, and a right code verifies the address', async () => {
    const at = await poolWith(server, { MfaConfiguration: 'OPTIONAL', EmailMfaConfiguration })
    await makeUser(server, at.poolId, 'ada', { email: 'ada@example.com' })
    await set(at, 'ada', { EmailMfaSettings: { Enabled: true } })
    const { Session } = await begin(server, at.clientId, 'ada')
    const message = (await server.outbox.messages()).find(({ to }) => to === 'ada@example.com')
    expect(message).toMatchObject({
      subject: 'Your sign-in',
      body: expect.stringMatching(/^Use <b>\d{6}<\/b> now$/),
    })
    expect((await answer(at, 'ada', Session, 'ada@example.com')).AuthenticationResult).toBeDefined()
    expect(await attributes(at, 'ada')).toMatchObject({ email_verified: 'true' })
  })

  it('signs in with an address that somebody else signs in with, and leaves it unverified', async () => {
    const at = await poolWith(
      server,
      { MfaConfiguration: 'OPTIONAL', EmailMfaConfiguration },
      { AliasAttributes: ['email'] },
    )
    const email = 'shared@example.com'
    await makeUser(server, at.poolId, 'holder', { email, email_verified: 'true' })
    await makeUser(server, at.poolId, 'grace', { email })
    await set(at, 'grace', { EmailMfaSettings: { Enabled: true } })
    const { Session } = await begin(server, at.clientId, 'grace')
    expect((await answer(at, 'grace', Session, email)).AuthenticationResult).toBeDefined()
    expect((await attributes(at, 'grace'))['email_verified']).not.toBe('true')
  })

  it('does not take the code of an address that the user has no more', async () => {
    const at = await poolWith(server, { MfaConfiguration: 'ON', EmailMfaConfiguration })
    const [old, email] = ['old@example.com', 'new@example.com']
    await makeUser(server, at.poolId, 'hedy', { email: old, email_verified: 'true' })
    const { Session } = await begin(server, at.clientId, 'hedy')
    const code = (await server.outbox.latestCode(old)) as string
    await server.admin.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: at.poolId,
        Username: 'hedy',
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'email_verified', Value: 'true' },
        ],
      }),
    )
    await expectRefusal(
      responder(server, at)('EMAIL_OTP', { USERNAME: 'hedy', EMAIL_OTP_CODE: code }, Session),
      'ExpiredCodeException',
    )
  })

  it('resets no password as well, also where nobody has turned it on', async () => {
    const at = await poolWith(server, {
      MfaConfiguration: 'ON',
      EmailMfaConfiguration,
      ...TOTP,
      SmsMfaConfiguration: SMS,
    })
    const contacts = { email: 'joan@example.com', email_verified: 'true' }
    await makeUser(server, at.poolId, 'joan', contacts)
    const forgot = () => server.app.send(new ForgotPasswordCommand({ ClientId: at.clientId, Username: 'joan' }))
    await expectRefusal(
      forgot(),
      'InvalidParameterException',
      'Cannot reset password for the user as there is no registered/verified email or phone_number',
    )
    const number = { phone_number: '+15550007777', phone_number_verified: 'true' }
    await server.admin.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: at.poolId,
        Username: 'joan',
        UserAttributes: Object.entries(number).map(([Name, Value]) => ({ Name, Value })),
      }),
    )
    expect((await forgot()).CodeDeliveryDetails?.DeliveryMedium).toBe('SMS')
  })
})
