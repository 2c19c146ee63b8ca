// MFA_SETUP by e-mail, and what is offered. An authenticator app is set up in mfa/verifySoftwareToken.test.ts.
import {
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  AssociateSoftwareTokenCommand,
  type CreateUserPoolCommandInput,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { INVALID_SESSION, responder, USED_SESSION } from '../../../../test/challenges.ts'
import { engines, expectRefusal, makeClient, makeUser, type TestPool, useTestServer } from '../../../../test/harness.ts'
import { begin, codeOf, EMAIL, poolWith, SMS, TOTP } from '../../../../test/second-factors.ts'

describe.each(engines)('MFA_SETUP on %s', (engine) => {
  const server = useTestServer({ engine })
  let name: string
  let email: string
  let count = 0
  beforeEach(() => {
    name = `user-${++count}`
    email = `${engine}-${count}@example.com`
  })
  const factors = { MfaConfiguration: 'ON', ...TOTP, ...EMAIL } as const
  async function user(attributes: Record<string, string> = {}, settings: Partial<CreateUserPoolCommandInput> = {}) {
    const at = await poolWith(server, factors, settings)
    await makeUser(server, at.poolId, name, attributes)
    return at
  }
  const setUp = (at: TestPool, session: string | undefined, EMAIL?: string) =>
    responder(server, at)('MFA_SETUP', { USERNAME: name, ...(EMAIL !== undefined && { EMAIL }) }, session)
  const prove = async (at: TestPool, session: string | undefined, code?: string) =>
    responder(server, at)(
      'EMAIL_OTP',
      { USERNAME: name, EMAIL_OTP_CODE: code ?? ((await server.outbox.latestCode(email)) as string) },
      session,
    )
  const attributesOf = async ({ poolId }: TestPool) => {
    const { UserAttributes = [] } = await server.admin.send(
      new AdminGetUserCommand({ UserPoolId: poolId, Username: name }),
    )
    return Object.fromEntries(UserAttributes.map(({ Name, Value }) => [Name, Value]))
  }

  it('takes an address, which a code proves; then it is the second factor', async () => {
    const at = await user()
    const challenge = await begin(server, at.clientId, name)
    expect(challenge).toMatchObject({
      ChallengeName: 'MFA_SETUP',
      ChallengeParameters: { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA","EMAIL_OTP"]', USER_ID_FOR_SRP: name },
    })
    const asked = await setUp(at, challenge.Session, email)
    expect(asked).toMatchObject({
      ChallengeName: 'EMAIL_OTP',
      ChallengeParameters: { CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL', USER_ID_FOR_SRP: name },
    })
    expect(asked.AuthenticationResult).toBeUndefined()
    // Nothing is written before the code comes back.
    expect(await attributesOf(at)).not.toHaveProperty('email')
    await expectRefusal(setUp(at, challenge.Session, email), 'NotAuthorizedException', USED_SESSION)
    const done = await prove(at, asked.Session)
    expect(done.AuthenticationResult).toBeDefined()
    expect(await attributesOf(at)).toMatchObject({ email, email_verified: 'true' })
    expect((await begin(server, at.clientId, name)).ChallengeName).toBe('EMAIL_OTP')
  })

  it('verifies an address that the user has, and replaces none', async () => {
    const at = await user({ email })
    const { Session } = await begin(server, at.clientId, name)
    await expectRefusal(
      setUp(at, Session, 'other@example.com'),
      'NotAuthorizedException',
      'Cannot modify an already provided email',
    )
    const asked = await setUp(at, Session, email)
    // What an administrator changes meanwhile is kept.
    await server.admin.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: at.poolId,
        Username: name,
        UserAttributes: [{ Name: 'nickname', Value: 'Ada' }],
      }),
    )
    expect((await prove(at, asked.Session)).AuthenticationResult).toBeDefined()
    expect(await attributesOf(at)).toMatchObject({ email, email_verified: 'true', nickname: 'Ada' })
  })

  it('not after the user has got another address, or a second factor', async () => {
    const at = await user()
    const [first, second] = [await begin(server, at.clientId, name), await begin(server, at.clientId, name)]
    const asked = await setUp(at, first.Session, email)
    const code = (await server.outbox.latestCode(email)) as string
    const { SecretCode = '', Session } = await server.app.send(
      new AssociateSoftwareTokenCommand({ Session: second.Session }),
    )
    await server.app.send(new VerifySoftwareTokenCommand({ Session, UserCode: codeOf(SecretCode, server.clock.now()) }))
    await expectRefusal(prove(at, asked.Session, code), 'ExpiredCodeException')
    expect(await attributesOf(at)).not.toHaveProperty('email')

    name = `${name}-moved`
    await makeUser(server, at.poolId, name)
    const moving = await setUp(at, (await begin(server, at.clientId, name)).Session, email)
    const stale = (await server.outbox.latestCode(email)) as string
    await server.admin.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: at.poolId,
        Username: name,
        UserAttributes: [{ Name: 'email', Value: 'elsewhere@example.com' }],
      }),
    )
    await expectRefusal(prove(at, moving.Session, stale), 'ExpiredCodeException')
    expect(await attributesOf(at)).toMatchObject({ email: 'elsewhere@example.com' })
  })

  it('refuses what is no address, what the client may not write, and an address that another user signs in with', async () => {
    const at = await user({}, { AliasAttributes: ['email'] })
    const { Session } = await begin(server, at.clientId, name)
    await expectRefusal(setUp(at, Session, 'nonsense'), 'InvalidParameterException', 'Invalid email address format.')
    await expectRefusal(setUp(at, Session), 'InvalidParameterException', 'User has not verified software token mfa')
    await makeUser(server, at.poolId, `${name}-holder`, { email, email_verified: 'true' })
    const asked = await setUp(at, Session, email)
    await expectRefusal(
      prove(at, asked.Session),
      'AliasExistsException',
      'An account with the given email already exists.',
    )
    const { ClientId } = await makeClient(server, at.poolId, { WriteAttributes: ['name'] })
    const reading = { ...at, clientId: ClientId }
    const other = await begin(server, ClientId, name)
    await expectRefusal(
      setUp(reading, other.Session, email),
      'NotAuthorizedException',
      'A client attempted to write unauthorized attribute',
    )
    await expectRefusal(setUp(at, other.Session, email), 'NotAuthorizedException', INVALID_SESSION)
  })
})

describe('MFA_SETUP', () => {
  const server = useTestServer()

  it("offers what the pool uses; a number is an administrator's to add", async () => {
    const offered = async (factors: object): Promise<string | undefined> => {
      const at = await poolWith(server, { MfaConfiguration: 'ON', ...factors })
      await makeUser(server, at.poolId, 'ada')
      const { ChallengeParameters, Session } = await begin(server, at.clientId, 'ada')
      if (!('EmailMfaConfiguration' in factors))
        await expectRefusal(
          responder(server, at)('MFA_SETUP', { USERNAME: 'ada', EMAIL: 'ada@example.com' }, Session),
          'InvalidParameterException',
          'User does not have delivery config set to turn on EMAIL_OTP',
        )
      return ChallengeParameters?.['MFAS_CAN_SETUP']
    }
    expect(await offered(TOTP)).toBe('["SOFTWARE_TOKEN_MFA"]')
    expect(await offered({ SmsMfaConfiguration: SMS })).toBe('["SMS_MFA"]')
    expect(await offered({ ...TOTP, ...EMAIL, SmsMfaConfiguration: SMS })).toBe(
      '["SMS_MFA","SOFTWARE_TOKEN_MFA","EMAIL_OTP"]',
    )
  })
})
