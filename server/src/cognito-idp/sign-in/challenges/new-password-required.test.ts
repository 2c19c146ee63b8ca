import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import {
  EXPIRED_SESSION,
  INVALID_SESSION,
  responder,
  srpBeginner,
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
  PASSWORD,
  usePool,
  useTestServer,
} from '../../../../test/harness.ts'
import { srpAnswer } from '../../../../test/srp-client.ts'

describe.each(engines)('NEW_PASSWORD_REQUIRED on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server)
  let sequence = 0
  const newName = (): string => `user${++sequence}`
  const respond = responder(server, at)
  const begin = srpBeginner(server, at)

  const TEMPORARY = 'Temp0rary!x'
  const invite = async (attributes: Record<string, string> = {}, pool = at.poolId): Promise<string> => {
    const Username = newName()
    const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))
    await server.admin.send(
      new AdminCreateUserCommand({
        UserPoolId: pool,
        Username,
        TemporaryPassword: TEMPORARY,
        MessageAction: 'SUPPRESS',
        UserAttributes,
      }),
    )
    return Username
  }
  const challenge = (USERNAME: string, ClientId = at.clientId) =>
    server.app.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId,
        AuthParameters: { USERNAME, PASSWORD: TEMPORARY },
      }),
    )

  it('follows a temporary password, by SRP too, and ends in tokens', async () => {
    const name = await invite({ email: 'a@example.com', email_verified: 'true' })
    const first = await challenge(name)
    expect(first).toMatchObject({
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      ChallengeParameters: {
        USER_ID_FOR_SRP: name,
        requiredAttributes: '[]',
        userAttributes: '{"email":"a@example.com","email_verified":"true"}',
      },
      Session: expect.stringMatching(/^AYABe/),
    })
    expect(first.AuthenticationResult).toBeUndefined()
    const { start, challenge: srp } = await begin(name)
    const second = await respond('PASSWORD_VERIFIER', srpAnswer(at.poolId, start, srp, TEMPORARY))
    expect(second.ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
    const done = await respond(
      'NEW_PASSWORD_REQUIRED',
      { USERNAME: name, NEW_PASSWORD: PASSWORD, 'userAttributes.name': 'Ann' },
      second.Session,
    )
    expect(claimsOf(done.AuthenticationResult?.IdToken as string)).toMatchObject({
      name: 'Ann',
      email: 'a@example.com',
    })
    const signedIn = await server.app.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: at.clientId,
        AuthParameters: { USERNAME: name, PASSWORD },
      }),
    )
    expect(signedIn.AuthenticationResult).toBeDefined()
    await expectRefusal(challenge(name), 'NotAuthorizedException', WRONG_PASSWORD)
  })

  it('shows the attributes that the client may read, and no others', async () => {
    const Schema = [{ Name: 'tenant', AttributeDataType: 'String' as const }]
    const pool = (await makePool(server, { Schema })).Id
    const name = await invite({ name: 'Ann', nickname: 'A', 'custom:tenant': 'one' }, pool)
    const shown = async (ReadAttributes?: string[]): Promise<unknown> => {
      const { ClientId } = await makeClient(server, pool, { ReadAttributes })
      return JSON.parse((await challenge(name, ClientId)).ChallengeParameters?.userAttributes as string)
    }
    expect(await shown(['name', 'custom:tenant'])).toEqual({ name: 'Ann', 'custom:tenant': 'one' })
    expect(await shown(['email'])).toEqual({})
    expect(await shown()).toEqual({ name: 'Ann', nickname: 'A' })
  })

  it('gives sessions of one length, whoever signs in', async () => {
    const lengths = [await invite(), await invite({ email: 'a@example.com', name: 'x'.repeat(300) })].map(
      async (name) => (await challenge(name)).Session?.length,
    )
    expect(new Set(await Promise.all(lengths)).size).toBe(1)
  })

  it('accepts a session once, also from many concurrent requests', async () => {
    const name = await invite()
    const { Session } = await challenge(name)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) =>
        respond('NEW_PASSWORD_REQUIRED', { USERNAME: name, NEW_PASSWORD: `${PASSWORD}${i}` }, Session),
      ),
    )
    const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(losers.map(({ reason }) => `${reason.name}: ${reason.message}`)).toEqual(
      Array.from({ length: 9 }, () => `NotAuthorizedException: ${USED_SESSION}`),
    )
    await expectRefusal(
      respond('NEW_PASSWORD_REQUIRED', { USERNAME: name, NEW_PASSWORD: PASSWORD }, Session),
      'NotAuthorizedException',
      USED_SESSION,
    )
    // Also when the user has got a new temporary password since the session was made.
    await server.admin.send(
      new AdminSetUserPasswordCommand({
        UserPoolId: at.poolId,
        Username: name,
        Password: TEMPORARY,
        Permanent: false,
      }),
    )
    await expectRefusal(
      respond('NEW_PASSWORD_REQUIRED', { USERNAME: name, NEW_PASSWORD: PASSWORD }, Session),
      'NotAuthorizedException',
      USED_SESSION,
    )
  })

  it('leaves the session good when the new password is refused', async () => {
    const name = await invite()
    const { Session } = await challenge(name)
    await expectRefusal(
      respond('NEW_PASSWORD_REQUIRED', { USERNAME: name, NEW_PASSWORD: 'lowercase' }, Session),
      'InvalidPasswordException',
      'Password did not conform with policy: Password must have uppercase characters',
    )
    expect(
      (await respond('NEW_PASSWORD_REQUIRED', { USERNAME: name, NEW_PASSWORD: PASSWORD }, Session))
        .AuthenticationResult,
    ).toBeDefined()
  })

  it('refuses a session that is invented, changed, missing, of another client, pool or user, or stale', async () => {
    const name = await invite()
    const other = await invite()
    const { Session = '' } = await challenge(name)
    const answer = { USERNAME: name, NEW_PASSWORD: PASSWORD }
    const flipped = Session.slice(0, -2) + (Session.endsWith('A') ? 'BB' : 'AA')
    for (const wrong of [`AYABe${'x'.repeat(40)}`, flipped, 'x'.repeat(40)])
      await expectRefusal(respond('NEW_PASSWORD_REQUIRED', answer, wrong), 'NotAuthorizedException', INVALID_SESSION)
    await expectRefusal(
      respond('NEW_PASSWORD_REQUIRED', answer),
      'InvalidParameterException',
      'Missing required parameter Session',
    )
    const otherClient = (await makeClient(server, at.poolId)).ClientId
    const foreign = (await makeClient(server, (await makePool(server)).Id)).ClientId
    for (const ClientId of [otherClient, foreign])
      await expectRefusal(
        respond('NEW_PASSWORD_REQUIRED', answer, Session, ClientId),
        'NotAuthorizedException',
        INVALID_SESSION,
      )
    await expectRefusal(
      respond('NEW_PASSWORD_REQUIRED', { ...answer, USERNAME: other }, Session),
      'NotAuthorizedException',
      INVALID_SESSION,
    )
    server.clock.advance(3 * 60 * 1000 + 1)
    await expectRefusal(respond('NEW_PASSWORD_REQUIRED', answer, Session), 'NotAuthorizedException', EXPIRED_SESSION)
  })

  it('refuses a session from before another temporary password, a disablement or a deletion', async () => {
    const names = [await invite(), await invite(), await invite()] as const
    const sessions = await Promise.all(names.map(async (name) => (await challenge(name)).Session))
    await server.admin.send(
      new AdminSetUserPasswordCommand({
        UserPoolId: at.poolId,
        Username: names[0],
        Password: 'Another1!x',
        Permanent: false,
      }),
    )
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId: at.poolId, Username: names[1] }))
    await server.admin.send(new AdminDeleteUserCommand({ UserPoolId: at.poolId, Username: names[2] }))
    const expected = [INVALID_SESSION, 'User is disabled.', INVALID_SESSION]
    for (const [i, name] of names.entries())
      await expectRefusal(
        respond('NEW_PASSWORD_REQUIRED', { USERNAME: name, NEW_PASSWORD: PASSWORD }, sessions[i]),
        'NotAuthorizedException',
        expected[i],
      )
  })

  it('asks for required attributes, and lets nobody replace an address or write what the client may not', async () => {
    const pool = (
      await makePool(server, {
        Schema: [
          { Name: 'given_name', Required: true },
          { Name: 'tenant', AttributeDataType: 'String', Mutable: true },
        ],
      })
    ).Id
    const { ClientId } = await makeClient(server, pool, {
      WriteAttributes: ['given_name', 'email'],
      ExplicitAuthFlows: ALL_FLOWS,
    })
    const name = await invite({ email: 'a@example.com' }, pool)
    const first = await challenge(name, ClientId)
    expect(first.ChallengeParameters?.requiredAttributes).toBe('["userAttributes.given_name"]')
    const answer = (attributes: Record<string, string>) =>
      respond(
        'NEW_PASSWORD_REQUIRED',
        { USERNAME: name, NEW_PASSWORD: PASSWORD, ...attributes },
        first.Session,
        ClientId,
      )
    await expectRefusal(answer({}), 'InvalidParameterException', 'Invalid attributes given, given_name is missing')
    await expectRefusal(
      answer({ 'userAttributes.given_name': 'A', 'userAttributes.email': 'b@example.com' }),
      'NotAuthorizedException',
      'Cannot modify an already provided email',
    )
    for (const attribute of ['custom:tenant', 'email_verified', 'sub']) {
      await expectRefusal(
        answer({ 'userAttributes.given_name': 'A', [`userAttributes.${attribute}`]: 'true' }),
        'NotAuthorizedException',
        'A client attempted to write unauthorized attribute',
      )
    }
    expect((await answer({ 'userAttributes.given_name': 'A' })).AuthenticationResult).toBeDefined()
  })

  describe('holds attributes to the rules of a user', () => {
    const setUp = async (settings: Partial<CreateUserPoolCommandInput>) => {
      const pool = (await makePool(server, settings)).Id
      return { pool, client: (await makeClient(server, pool, { ExplicitAuthFlows: ALL_FLOWS })).ClientId }
    }
    const begun = async (at: { pool: string; client: string }, has: Record<string, string>) => {
      const name = await invite(has, at.pool)
      const { Session } = await challenge(name, at.client)
      const answer = (attributes: Record<string, string>) => {
        const prefixed = Object.entries(attributes).map(([key, value]) => [`userAttributes.${key}`, value])
        const answers = { USERNAME: name, NEW_PASSWORD: PASSWORD, ...Object.fromEntries(prefixed) }
        return respond('NEW_PASSWORD_REQUIRED', answers, Session, at.client)
      }
      const attributes = async () => {
        const user = await server.admin.send(new AdminGetUserCommand({ UserPoolId: at.pool, Username: name }))
        const { sub: _, ...rest } = Object.fromEntries((user.UserAttributes ?? []).map((one) => [one.Name, one.Value]))
        return rest
      }
      return { name, answer, attributes }
    }
    const text = (name: string): string => `user.${name}: Attribute cannot be updated.\n`

    it('refuses what is immutable, had or not, and what is required and would go', async () => {
      const at = await setUp({
        Schema: [
          { Name: 'given_name', Required: true },
          { Name: 'tenant', AttributeDataType: 'String', Mutable: false },
        ],
      })
      const had = await begun(at, { given_name: 'G', 'custom:tenant': 'one' })
      const unset = await begun(at, { given_name: 'G' })
      for (const [user, attributes, message] of [
        [had, { 'custom:tenant': 'two' }, text('custom:tenant')],
        [had, { 'custom:tenant': '' }, text('custom:tenant')],
        [unset, { 'custom:tenant': 'two' }, text('custom:tenant')],
        [had, { sub: 'x' }, text('sub')],
        [had, { given_name: '' }, 'Invalid user attributes: given_name: Required attribute cannot be deleted.'],
      ] as const)
        await expectRefusal(user.answer(attributes), 'InvalidParameterException', message)
      expect((await had.answer({ given_name: 'H' })).AuthenticationResult).toBeDefined()
      expect(await had.attributes()).toEqual({ given_name: 'H', 'custom:tenant': 'one' })
    })

    it('takes a required attribute though it is immutable, once', async () => {
      const at = await setUp({ Schema: [{ Name: 'family_name', Required: true, Mutable: false }] })
      const unset = await begun(at, {})
      const missing = 'Invalid attributes given, family_name is missing'
      await expectRefusal(unset.answer({ family_name: '' }), 'InvalidParameterException', missing)
      expect((await unset.answer({ family_name: 'F' })).AuthenticationResult).toBeDefined()
      expect(await unset.attributes()).toEqual({ family_name: 'F' })
      const had = await begun(at, { family_name: 'F' })
      await expectRefusal(had.answer({ family_name: 'X' }), 'InvalidParameterException', text('family_name'))
    })

    it('does not overwrite an attribute that an administrator sets concurrently', async () => {
      const at = await setUp({ Schema: [{ Name: 'family_name', Required: true, Mutable: false }] })
      for (let round = 0; round < 5; round++) {
        const user = await begun(at, {})
        const UserAttributes = [{ Name: 'family_name', Value: 'Admin' }]
        const [answered, set] = await Promise.allSettled([
          user.answer({ family_name: 'User' }),
          server.admin.send(
            new AdminUpdateUserAttributesCommand({ UserPoolId: at.pool, Username: user.name, UserAttributes }),
          ),
        ])
        expect([answered.status, set.status].sort()).toEqual(['fulfilled', 'rejected'])
        const family_name = set.status === 'fulfilled' ? 'Admin' : 'User'
        expect(await user.attributes()).toEqual({ family_name })
      }
    })

    it('refuses verification flags, and accepts other names with the same ending', async () => {
      const at = await setUp({ Schema: [{ Name: 'id_verified', AttributeDataType: 'String', Mutable: true }] })
      const user = await begun(at, {})
      for (const flag of ['email_verified', 'phone_number_verified'])
        await expectRefusal(
          user.answer({ [flag]: 'true' }),
          'NotAuthorizedException',
          'A client attempted to write unauthorized attribute',
        )
      await user.answer({ 'custom:id_verified': 'by hand' })
      expect(await user.attributes()).toEqual({ 'custom:id_verified': 'by hand' })
    })

    it('refuses names that are the address of somebody else', async () => {
      const at = await setUp({ AliasAttributes: ['email', 'preferred_username'] })
      const user = await begun(at, {})
      for (const preferred_username of ['cfo@corp.com', 'cfo\uff20corp.com'])
        await expectRefusal(
          user.answer({ preferred_username }),
          'InvalidParameterException',
          'Preferred username cannot be of email format, since user pool is configured for email alias.',
        )
      const email = '\uff43fo@corp.com'
      await expectRefusal(user.answer({ email }), 'InvalidParameterException', 'Invalid email address format.')
      expect((await user.answer({ preferred_username: 'boss' })).AuthenticationResult).toBeDefined()
    })
  })

  it('refuses a new password against the constraints, and leaves the session good', async () => {
    const name = await invite()
    const { Session } = await challenge(name)
    const answer = (NEW_PASSWORD: string) => respond('NEW_PASSWORD_REQUIRED', { USERNAME: name, NEW_PASSWORD }, Session)
    const at = "1 validation error detected: Value at 'challengeResponses.NEW_PASSWORD.member' failed to satisfy"
    for (const [password, constraint] of [
      [`${PASSWORD}${'x'.repeat(257)}`, 'Member must have length less than or equal to 256'],
      ['Sh0r!', 'Member must have length greater than or equal to 6'],
      [` ${PASSWORD}`, 'Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$'],
      [`${PASSWORD} `, 'Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$'],
    ] as const)
      await expectRefusal(answer(password), 'InvalidParameterException', `${at} constraint: ${constraint}`)
    expect((await answer(PASSWORD)).AuthenticationResult).toBeDefined()
  })

  it('refuses a temporary password after its days', async () => {
    const name = await invite()
    server.clock.advance(7 * 86_400_000 + 1000)
    await expectRefusal(
      challenge(name),
      'NotAuthorizedException',
      'Temporary password has expired and must be reset by an administrator.',
    )
  })
})
