// Responses in production when no delivery is configured for a medium: the same for every user at a client that hides
// which users exist.
import {
  AdminCreateUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  ForgotPasswordCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import {
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  type TestServer,
  useTestServer,
} from '../../../test/harness.ts'
import type { Email } from '../../effects/effects.ts'

const NO_MAIL = 'No delivery of e-mail is configured: set SMTP_URL.'
const NO_SMS = 'No delivery of SMS is configured: set SMS_URL or SNS_ENDPOINT.'
const env = { NODE_ENV: 'production' }

/** A pool, a client for each mode, and a user of each kind. */
async function setUp(server: TestServer) {
  const poolId = (await makePool(server, { AutoVerifiedAttributes: ['email', 'phone_number'] })).Id
  const open = (await makeClient(server, poolId)).ClientId
  const hiding = (await makeClient(server, poolId, { PreventUserExistenceErrors: 'ENABLED' })).ClientId
  const verified = { email_verified: 'true', phone_number_verified: 'true' }
  await makeUser(server, poolId, 'mail', { email: 'mail@example.org', ...verified })
  await makeUser(server, poolId, 'phone', { phone_number: '+14325550001', ...verified })
  await makeUser(server, poolId, 'both', { email: 'both@example.org', phone_number: '+14325550002', ...verified })
  await makeUser(server, poolId, 'bare')
  return { poolId, open, hiding }
}

const forgot = async (server: TestServer, ClientId: string, Username: string) =>
  (await server.app.send(new ForgotPasswordCommand({ ClientId, Username }))).CodeDeliveryDetails
const resend = async (server: TestServer, ClientId: string, Username: string) =>
  (await server.app.send(new ResendConfirmationCodeCommand({ ClientId, Username }))).CodeDeliveryDetails
const reset = (server: TestServer, UserPoolId: string, Username: string) =>
  server.admin.send(new AdminResetUserPasswordCommand({ UserPoolId, Username }))
const update = (server: TestServer, UserPoolId: string, Username: string, Name: string, Value: string) =>
  server.admin.send(new AdminUpdateUserAttributesCommand({ UserPoolId, Username, UserAttributes: [{ Name, Value }] }))

describe('without any delivery', () => {
  const server = useTestServer({ env })

  it('ForgotPassword and ResendConfirmationCode fail for everybody', async () => {
    const { open, hiding } = await setUp(server)
    for (const name of ['mail', 'phone', 'both', 'bare', 'nobody', 'nobody@example.org']) {
      await expectRefusal(forgot(server, hiding, name), 'CodeDeliveryFailureException', NO_SMS)
    }
    for (const name of ['nobody', 'nobody@example.org']) {
      await expectRefusal(resend(server, hiding, name), 'CodeDeliveryFailureException', NO_SMS)
    }
    await expectRefusal(forgot(server, open, 'mail'), 'CodeDeliveryFailureException', NO_MAIL)
    await expectRefusal(forgot(server, open, 'both'), 'CodeDeliveryFailureException', NO_SMS)
  })

  it('SignUp and AdminCreateUser report a taken name first, and leave no user without a message', async () => {
    const { poolId, open } = await setUp(server)
    const UserAttributes = [{ Name: 'email', Value: 'new@example.org' }]
    const signUp = (Username: string) =>
      server.app.send(new SignUpCommand({ ClientId: open, Username, Password: PASSWORD, UserAttributes }))
    const create = (Username: string) => {
      const invitation = { DesiredDeliveryMediums: ['EMAIL' as const], UserAttributes }
      return server.admin.send(new AdminCreateUserCommand({ UserPoolId: poolId, Username, ...invitation }))
    }
    await expectRefusal(signUp('mail'), 'UsernameExistsException', 'User already exists')
    await expectRefusal(create('mail'), 'UsernameExistsException', 'User account already exists')
    // Twice: the name is still free the second time.
    for (const make of [signUp, create, signUp, create])
      await expectRefusal(make('fresh'), 'CodeDeliveryFailureException', NO_MAIL)
  })

  it('operations of administrators fail with an error that they declare, and change nothing', async () => {
    const { poolId, open } = await setUp(server)
    await expectRefusal(reset(server, poolId, 'mail'), 'InvalidEmailRoleAccessPolicyException', NO_MAIL)
    await expectRefusal(reset(server, poolId, 'both'), 'InvalidSmsRoleAccessPolicyException', NO_SMS)
    const [email, phone] = ['new@example.org', '+14325550099']
    const mail = update(server, poolId, 'mail', 'email', email)
    await expectRefusal(mail, 'InvalidEmailRoleAccessPolicyException', NO_MAIL)
    const sms = update(server, poolId, 'mail', 'phone_number', phone)
    await expectRefusal(sms, 'InvalidSmsRoleAccessPolicyException', NO_SMS)
    // The reset did not take the password away.
    await expectRefusal(forgot(server, open, 'mail'), 'CodeDeliveryFailureException', NO_MAIL)
    await update(server, poolId, 'mail', 'nickname', 'M')
  })
})

describe('with e-mail only', () => {
  const sent: Email[] = []
  const server = useTestServer({ env, effects: { sendEmail: async (email) => void sent.push(email) } })
  const EMAIL = { AttributeName: 'email', DeliveryMedium: 'EMAIL' }

  it('ForgotPassword at a client that hides who exists answers everybody by e-mail', async () => {
    const { open, hiding } = await setUp(server)
    for (const name of ['mail', 'phone', 'both', 'bare', 'nobody', '+14325550077', 'nobody@example.org']) {
      expect(await forgot(server, hiding, name), name).toMatchObject(EMAIL)
    }
    expect(await forgot(server, open, 'mail')).toMatchObject(EMAIL)
    await expectRefusal(forgot(server, open, 'phone'), 'CodeDeliveryFailureException', NO_SMS)
  })

  it('and so does ResendConfirmationCode', async () => {
    const { poolId, open, hiding } = await setUp(server)
    const UserAttributes = [{ Name: 'email', Value: 'fresh@example.org' }]
    await server.app.send(new SignUpCommand({ ClientId: open, Username: 'fresh', Password: PASSWORD, UserAttributes }))
    // SignUp refuses a number that gets no code; an administrator can set one.
    await server.admin.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: poolId,
        Username: 'fresh',
        UserAttributes: [
          { Name: 'phone_number', Value: '+14325550003' },
          { Name: 'phone_number_verified', Value: 'true' },
        ],
      }),
    )
    for (const name of ['fresh', 'nobody', '+14325550077']) {
      expect(await resend(server, hiding, name), name).toMatchObject(EMAIL)
    }
    await expectRefusal(resend(server, open, 'fresh'), 'CodeDeliveryFailureException', NO_SMS)
  })

  it('a temporary password without an invitation needs no delivery', async () => {
    const { poolId } = await setUp(server)
    const user = { UserPoolId: poolId, Username: 'quiet' }
    await server.admin.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }))
    await server.admin.send(new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD, Permanent: true }))
  })
})
