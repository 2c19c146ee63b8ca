// Setting up an authenticator app: AssociateSoftwareToken and VerifySoftwareToken, by access token and by session.
import {
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EXPIRED_SESSION, INVALID_SESSION, responder, USED_SESSION } from '../../../test/challenges.ts'
import {
  engines,
  expectRefusal,
  makeUser,
  PASSWORD,
  signIn,
  type TestPool,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'
import { begin, codeOf, poolWith, STEP_MS, TOTP, wrongCodeOf } from '../../../test/second-factors.ts'

const MISMATCH = 'Code mismatch and fail enable Software Token MFA'
const NOT_SET_UP = 'User has not set up software token mfa'
const NOT_ENABLED = 'Software Token MFA has not been enabled by the userPool'
const MINUTE_MS = 60_000

describe.each(engines)('a software token is set up on %s', (engine) => {
  const server = useTestServer({ engine })
  let optional: TestPool
  let required: TestPool
  let name: string
  let count = 0
  beforeAll(async () => {
    optional = await poolWith(server, { MfaConfiguration: 'OPTIONAL', ...TOTP })
    required = await poolWith(server, { MfaConfiguration: 'ON', ...TOTP })
  })
  beforeEach(() => {
    name = `user-${++count}`
  })

  type By = { AccessToken?: string; Session?: string | undefined }
  const associate = (by: By) => server.app.send(new AssociateSoftwareTokenCommand(by))
  const verify = (by: By, UserCode: string, FriendlyDeviceName?: string) =>
    server.app.send(new VerifySoftwareTokenCommand({ ...by, UserCode, FriendlyDeviceName }))
  const now = (secret = '') => codeOf(secret, server.clock.now())
  const wrong = (secret = '') => wrongCodeOf(secret, server.clock.now())

  describe('by access token', () => {
    let AccessToken: string
    beforeEach(async () => {
      await makeUser(server, optional.poolId, name)
      AccessToken = (await signIn(server, optional.clientId, name)).AccessToken
    })

    it('with the first code of its secret, and no session', async () => {
      const { SecretCode, Session } = await associate({ AccessToken })
      expect(SecretCode).toMatch(/^[A-Z2-7]{52}$/)
      expect(Session).toBeUndefined()
      const verified = await verify({ AccessToken }, now(SecretCode))
      expect([verified.Status, verified.Session]).toEqual(['SUCCESS', undefined])
      // Turned on only by a preference.
      expect((await signIn(server, optional.clientId, name)).AccessToken).toBeDefined()
    })

    it('not with a wrong code, with one that nobody has asked for, or twice', async () => {
      await expectRefusal(verify({ AccessToken }, '123456'), 'InvalidParameterException', NOT_SET_UP)
      const first = (await associate({ AccessToken })).SecretCode
      const { SecretCode } = await associate({ AccessToken })
      expect(SecretCode).not.toBe(first)
      await expectRefusal(verify({ AccessToken }, wrong(SecretCode)), 'EnableSoftwareTokenMFAException', MISMATCH)
      // The second secret has replaced the first.
      if (now(first) !== now(SecretCode))
        await expectRefusal(verify({ AccessToken }, now(first)), 'EnableSoftwareTokenMFAException', MISMATCH)
      await verify({ AccessToken }, now(SecretCode))
      await expectRefusal(verify({ AccessToken }, now(SecretCode)), 'InvalidParameterException', NOT_SET_UP)
    })

    it('by one of many requests at the same time', async () => {
      const { SecretCode } = await associate({ AccessToken })
      const outcomes = await Promise.allSettled(
        Array.from({ length: 4 }, () => verify({ AccessToken }, now(SecretCode))),
      )
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    })
  })

  describe('by session', () => {
    const respond = (answers: Record<string, string>, session: string | undefined) =>
      responder(server, required)('MFA_SETUP', { USERNAME: name, ...answers }, session)
    beforeEach(() => makeUser(server, required.poolId, name))
    const asked = async () => (await begin(server, required.clientId, name)).Session

    it('and gives tokens at once; the next sign-in asks for it', async () => {
      const challenge = await begin(server, required.clientId, name)
      expect(challenge).toMatchObject({
        ChallengeName: 'MFA_SETUP',
        ChallengeParameters: { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]', USER_ID_FOR_SRP: name },
      })
      expect(challenge.AuthenticationResult).toBeUndefined()
      const { SecretCode, Session } = await associate({ Session: challenge.Session })
      const verified = await verify({ Session }, now(SecretCode), 'My phone')
      expect(verified.Status).toBe('SUCCESS')
      const done = await respond({ SOFTWARE_TOKEN_MFA_CODE: 'ignored' }, verified.Session)
      expect(done.ChallengeParameters).toEqual({})
      expect(done.AuthenticationResult?.AccessToken).toBeDefined()
      expect(await begin(server, required.clientId, name)).toMatchObject({
        ChallengeName: 'SOFTWARE_TOKEN_MFA',
        ChallengeParameters: { USER_ID_FOR_SRP: name, FRIENDLY_DEVICE_NAME: 'My phone' },
      })
      const user = await server.admin.send(new AdminGetUserCommand({ UserPoolId: required.poolId, Username: name }))
      expect(user.UserMFASettingList).toBeUndefined()
    })

    it('also when the sign-in is not finished after the verification', async () => {
      const { SecretCode, Session } = await associate({ Session: await asked() })
      await verify({ Session }, now(SecretCode))
      expect((await begin(server, required.clientId, name)).ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
    })

    it('with sessions that are good once each, and stay good after a wrong code', async () => {
      const first = await asked()
      const { SecretCode, Session } = await associate({ Session: first })
      await expectRefusal(associate({ Session: first }), 'NotAuthorizedException', USED_SESSION)
      await expectRefusal(verify({ Session: first }, now(SecretCode)), 'InvalidParameterException', NOT_SET_UP)
      await expectRefusal(verify({ Session }, wrong(SecretCode)), 'EnableSoftwareTokenMFAException', MISMATCH)
      const verified = await verify({ Session }, now(SecretCode))
      await expectRefusal(verify({ Session }, now(SecretCode)), 'NotAuthorizedException', USED_SESSION)
      await respond({}, verified.Session)
      await expectRefusal(respond({}, verified.Session), 'NotAuthorizedException', USED_SESSION)
    })

    it('by one of many requests at the same time', async () => {
      const { SecretCode, Session } = await associate({ Session: await asked() })
      const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => verify({ Session }, now(SecretCode))))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    })

    it('not without the verification', async () => {
      const session = await asked()
      const unverified = 'User has not verified software token mfa'
      await expectRefusal(respond({}, session), 'InvalidParameterException', unverified)
      const { Session } = await associate({ Session: session })
      await expectRefusal(respond({}, Session), 'InvalidParameterException', unverified)
    })

    it('not by somebody who knows the password, once the user has a second factor', async () => {
      const [own, stolen] = [await asked(), await asked()]
      const mine = await associate({ Session: own })
      const other = await associate({ Session: stolen })
      const third = await asked()
      await verify({ Session: mine.Session }, now(mine.SecretCode))
      await expectRefusal(
        verify({ Session: other.Session }, now(other.SecretCode)),
        'NotAuthorizedException',
        INVALID_SESSION,
      )
      await expectRefusal(associate({ Session: third }), 'NotAuthorizedException', INVALID_SESSION)
      await expectRefusal(respond({}, third), 'NotAuthorizedException', INVALID_SESSION)
    })

    it('not with a session that is invented, of another challenge or user, expired, or ended by a new password', async () => {
      await expectRefusal(associate({ Session: 'x'.repeat(40) }), 'NotAuthorizedException', INVALID_SESSION)
      await expectRefusal(verify({ Session: 'x'.repeat(40) }, '123456'), 'NotAuthorizedException', INVALID_SESSION)
      const { SecretCode, Session } = await associate({ Session: await asked() })
      await expectRefusal(
        responder(server, required)(
          'SOFTWARE_TOKEN_MFA',
          { USERNAME: name, SOFTWARE_TOKEN_MFA_CODE: now(SecretCode) },
          Session,
        ),
        'NotAuthorizedException',
        INVALID_SESSION,
      )
      const verified = await verify({ Session }, now(SecretCode))
      await makeUser(server, required.poolId, `${name}-other`)
      await expectRefusal(
        respond({ USERNAME: `${name}-other` }, verified.Session),
        'NotAuthorizedException',
        INVALID_SESSION,
      )
      await expectRefusal(
        responder(server, optional)('MFA_SETUP', { USERNAME: name }, verified.Session),
        'NotAuthorizedException',
        INVALID_SESSION,
      )
      server.clock.advance(3 * MINUTE_MS + 1)
      await expectRefusal(respond({}, verified.Session), 'NotAuthorizedException', EXPIRED_SESSION)

      name = `${name}-third`
      await makeUser(server, required.poolId, name)
      const user = { UserPoolId: required.poolId, Username: name }
      const before = await asked()
      await server.admin.send(new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD, Permanent: true }))
      await expectRefusal(associate({ Session: before }), 'NotAuthorizedException', INVALID_SESSION)
      const deleted = await associate({ Session: await asked() })
      await server.admin.send(new AdminDeleteUserCommand(user))
      await expectRefusal(
        verify({ Session: deleted.Session }, now(deleted.SecretCode)),
        'NotAuthorizedException',
        INVALID_SESSION,
      )
    })

    it('with codes that the verification has used up', async () => {
      const { SecretCode, Session } = await associate({ Session: await asked() })
      await verify({ Session }, now(SecretCode))
      const next = await asked()
      const answer = (code: string) =>
        responder(server, required)('SOFTWARE_TOKEN_MFA', { USERNAME: name, SOFTWARE_TOKEN_MFA_CODE: code }, next)
      await expectRefusal(
        answer(now(SecretCode)),
        'ExpiredCodeException',
        'Your software token has already been used once.',
      )
      server.clock.advance(STEP_MS)
      expect((await answer(now(SecretCode))).AuthenticationResult).toBeDefined()
    })
  })
})

describe('a software token is not set up', () => {
  const server = useTestServer()
  const at = usePool(server, { users: ['ada'] })

  it('in a pool without them', async () => {
    const { AccessToken } = await signIn(server, at.clientId, 'ada')
    const calls = [
      new AssociateSoftwareTokenCommand({ AccessToken }),
      new VerifySoftwareTokenCommand({ AccessToken, UserCode: '123456' }),
    ]
    for (const call of calls)
      await expectRefusal(server.app.send(call as never), 'SoftwareTokenMFANotFoundException', NOT_ENABLED)
  })

  it('without token and session, or with a code that is none', async () => {
    const neither = 'AccessToken or Session is required.'
    await expectRefusal(server.app.send(new AssociateSoftwareTokenCommand({})), 'InvalidParameterException', neither)
    const verify = (UserCode: string) => server.app.send(new VerifySoftwareTokenCommand({ UserCode }))
    await expectRefusal(verify('123456'), 'InvalidParameterException', neither)
    for (const code of ['12345', '1234567', 'abcdef'])
      await expectRefusal(verify(code), 'InvalidParameterException', /^1 validation error detected: .*'userCode'/)
    const AccessToken = 'not.a.token'
    for (const call of [
      new AssociateSoftwareTokenCommand({ AccessToken }),
      new VerifySoftwareTokenCommand({ AccessToken, UserCode: '123456' }),
    ])
      await expectRefusal(server.app.send(call as never), 'NotAuthorizedException', 'Invalid Access Token')
  })
})
