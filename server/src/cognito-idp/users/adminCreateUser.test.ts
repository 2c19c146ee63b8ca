import {
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  type AttributeType,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  PASSWORD,
  startTestServer,
  useTestServer,
} from '../../../test/harness.ts'

const list = (attributes: Record<string, string>): AttributeType[] =>
  Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))

describe.each(engines)('AdminCreateUser on %s', (engine) => {
  const server = useTestServer({ engine })
  let plain: string
  let aliases: string
  let byEmail: string
  let byEither: string

  beforeAll(async () => {
    plain = (await makePool(server)).Id
    aliases = (await makePool(server, { AliasAttributes: ['email', 'phone_number', 'preferred_username'] })).Id
    byEmail = (await makePool(server, { UsernameAttributes: ['email'] })).Id
    byEither = (await makePool(server, { UsernameAttributes: ['email', 'phone_number'] })).Id
  })

  const create = (UserPoolId: string, Username: string, input: Partial<AdminCreateUserCommandInput> = {}) =>
    server.admin.send(new AdminCreateUserCommand({ UserPoolId, Username, ...input }))
  const quietly = (UserPoolId: string, Username: string, attributes: Record<string, string> = {}) =>
    create(UserPoolId, Username, { MessageAction: 'SUPPRESS', UserAttributes: list(attributes) })
  const read = async (UserPoolId: string, Username: string) => {
    const { UserAttributes, ...rest } = await server.admin.send(new AdminGetUserCommand({ UserPoolId, Username }))
    return { ...rest, attributes: Object.fromEntries((UserAttributes ?? []).map(({ Name, Value }) => [Name, Value])) }
  }
  const messagesTo = async (to: string) => (await server.outbox.messages(1000)).filter((message) => message.to === to)
  const logIn = async (UserPoolId: string, USERNAME: string, password: string) => {
    const { ClientId } = await makeClient(server, UserPoolId)
    const AuthParameters = { USERNAME, PASSWORD: password }
    const AuthFlow = 'ADMIN_USER_PASSWORD_AUTH'
    return server.admin.send(new AdminInitiateAuthCommand({ UserPoolId, ClientId, AuthFlow, AuthParameters }))
  }

  describe('ok', () => {
    it('makes a user who must change the password, with sub first and the attributes in their order', async () => {
      const { User } = await quietly(plain, 'ann', { name: 'Ann', email: 'ann@example.com', email_verified: 'True' })
      expect(User).toEqual({
        Username: 'ann',
        Attributes: [
          { Name: 'sub', Value: expect.stringMatching(/^[0-9a-f-]{36}$/) },
          { Name: 'name', Value: 'Ann' },
          { Name: 'email', Value: 'ann@example.com' },
          { Name: 'email_verified', Value: 'true' },
        ],
        UserCreateDate: expect.any(Date),
        UserLastModifiedDate: expect.any(Date),
        Enabled: true,
        UserStatus: 'FORCE_CHANGE_PASSWORD',
      })
      expect(User?.UserCreateDate?.getTime()).toBeCloseTo(server.clock.now(), -4)
    })

    it('takes a user without any attribute, though some are required, and sends nothing', async () => {
      const pool = await makePool(server, { Schema: [{ Name: 'given_name', Required: true }] })
      const { User } = await create(pool.Id, 'bare')
      expect(User?.Attributes?.map(({ Name }) => Name)).toEqual(['sub'])
    })

    it('signs in once with the temporary password that was given', async () => {
      await create(plain, 'given', { MessageAction: 'SUPPRESS', TemporaryPassword: PASSWORD })
      expect(await logIn(plain, 'given', PASSWORD)).toMatchObject({ ChallengeName: 'NEW_PASSWORD_REQUIRED' })
    })

    it('leaves blank attributes out', async () => {
      const { User } = await quietly(plain, 'blank', { name: '', nickname: 'B' })
      expect(User?.Attributes?.map(({ Name }) => Name)).toEqual(['sub', 'nickname'])
    })

    it('keeps developer-only attributes', async () => {
      const Schema = [{ Name: 'level', AttributeDataType: 'String' as const, DeveloperOnlyAttribute: true }]
      const pool = await makePool(server, { Schema })
      const { User } = await quietly(pool.Id, 'dev', { 'dev:custom:level': '3' })
      expect(User?.Attributes).toContainEqual({ Name: 'dev:custom:level', Value: '3' })
    })
  })

  describe('without a password', () => {
    const Policies = { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD' as const, 'EMAIL_OTP' as const] } }
    const withOtp = async () => (await makePool(server, { Policies })).Id

    it('confirms a user who can sign in by a code, and sends nothing', async () => {
      const poolId = await withOtp()
      const attributes = { email: 'otp@example.com', email_verified: 'true' }
      await create(poolId, 'otp', { UserAttributes: list(attributes), DesiredDeliveryMediums: ['EMAIL'] })
      expect(await read(poolId, 'otp')).toMatchObject({ UserStatus: 'CONFIRMED' })
      expect(await messagesTo('otp@example.com')).toEqual([])
      await expectRefusal(logIn(poolId, 'otp', PASSWORD), 'NotAuthorizedException', 'Incorrect username or password.')
    })

    it('is not how a user is made who has no address for codes, or is given a password', async () => {
      const poolId = await withOtp()
      expect((await quietly(poolId, 'none')).User?.UserStatus).toBe('FORCE_CHANGE_PASSWORD')
      const UserAttributes = list({ email: 'pw@example.com' })
      const input = { MessageAction: 'SUPPRESS', TemporaryPassword: PASSWORD, UserAttributes } as const
      expect((await create(poolId, 'pw', input)).User?.UserStatus).toBe('FORCE_CHANGE_PASSWORD')
    })
  })

  describe('names', () => {
    it('are any text in a plain pool, an address too', async () => {
      expect((await quietly(plain, 'Some@Example.com')).User?.Username).toBe('Some@Example.com')
    })

    it('may not look like an alias where that alias is used', async () => {
      const email = 'Username cannot be of email format, since user pool is configured for email alias.'
      await expectRefusal(quietly(aliases, 'a@example.com'), 'InvalidParameterException', email)
      const phone = 'Username cannot be of phone number format, since user pool is configured for phone number alias.'
      await expectRefusal(quietly(aliases, '+15550100'), 'InvalidParameterException', phone)
    })

    it('are subs where users sign in with an address or number, which is kept as an attribute', async () => {
      const { User } = await quietly(byEmail, 'eve@example.com')
      const sub = User?.Attributes?.[0]?.Value
      expect(User?.Username).toBe(sub)
      expect(User?.Attributes).toContainEqual({ Name: 'email', Value: 'eve@example.com' })
      expect((await read(byEmail, 'eve@example.com')).Username).toBe(sub)
      expect((await read(byEmail, sub as string)).Username).toBe(sub)
      const phone = await quietly(byEither, '+15550100009')
      expect(phone.User?.Attributes).toContainEqual({ Name: 'phone_number', Value: '+15550100009' })
    })

    it.each([
      ['email', 'Username should be an email.'],
      ['phone_number', 'Username should be a phone number.'],
      ['both', 'Username should be either an email or a phone number.'],
    ] as const)('must have the form of the username attributes: %s', async (kind, message) => {
      const UsernameAttributes = kind === 'both' ? (['email', 'phone_number'] as const) : ([kind] as const)
      const pool = await makePool(server, { UsernameAttributes: [...UsernameAttributes] })
      await expectRefusal(quietly(pool.Id, 'ann'), 'InvalidParameterException', message)
    })

    it('may be repeated as the attribute, but not contradicted', async () => {
      const { User } = await quietly(byEmail, 'same@example.com', { email: 'same@example.com', name: 'S' })
      expect(User?.Attributes?.filter(({ Name }) => Name === 'email')).toHaveLength(1)
      const message = 'User email should be empty or same as username, since username attribute is email.'
      const other = quietly(byEmail, 'one@example.com', { email: 'other@example.com' })
      await expectRefusal(other, 'InvalidParameterException', message)
    })

    it('are lower case where case does not matter', async () => {
      const pool = await makePool(server, { UsernameConfiguration: { CaseSensitive: false } })
      expect((await quietly(pool.Id, 'Bob')).User?.Username).toBe('bob')
      expect((await read(pool.Id, 'BOB')).Username).toBe('bob')
      await expectRefusal(quietly(pool.Id, 'boB'), 'UsernameExistsException', 'User account already exists')
    })

    it('cannot be the sub of somebody else', async () => {
      const { User } = await quietly(plain, 'victim')
      const sub = User?.Attributes?.[0]?.Value as string
      await expectRefusal(quietly(plain, sub), 'UsernameExistsException', 'User account already exists')
      expect((await read(plain, sub)).Username).toBe('victim')
      expect((await quietly(plain, '01234567-89ab-cdef-0123-456789abcdef')).User?.Enabled).toBe(true)
    })
  })

  describe('UsernameExistsException', () => {
    it('for a taken username', async () => {
      await quietly(plain, 'twice')
      await expectRefusal(quietly(plain, 'twice'), 'UsernameExistsException', 'User account already exists')
    })

    it('for a taken address where it is the name, verified or not', async () => {
      await quietly(byEither, 'twice@example.com')
      const message = 'An account with the given email already exists.'
      await expectRefusal(quietly(byEither, 'twice@example.com'), 'UsernameExistsException', message)
      await quietly(byEither, '+15550100010')
      const phone = 'An account with the given phone_number already exists.'
      await expectRefusal(quietly(byEither, '+15550100010'), 'UsernameExistsException', phone)
    })

    it('lets one of many at once have the name', async () => {
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => quietly(plain, 'race')))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason.name).toBe('UsernameExistsException')
      }
    })
  })

  describe('ForceAliasCreation', () => {
    const verified = (email: string) => ({ email, email_verified: 'true' })

    it('takes the alias from the user who has it, whose address is unverified from then on', async () => {
      await quietly(aliases, 'old', verified('moved@example.com'))
      const message = 'An account with the given email already exists.'
      await expectRefusal(quietly(aliases, 'new', verified('moved@example.com')), 'UsernameExistsException', message)
      const UserAttributes = list(verified('moved@example.com'))
      await create(aliases, 'new', { MessageAction: 'SUPPRESS', ForceAliasCreation: true, UserAttributes })
      expect((await read(aliases, 'moved@example.com')).Username).toBe('new')
      expect((await read(aliases, 'old')).attributes).toMatchObject({
        email: 'moved@example.com',
        email_verified: 'false',
      })
    })

    it('does nothing for an address that is not marked verified', async () => {
      await quietly(aliases, 'keeper', verified('kept@example.com'))
      const UserAttributes = list({ email: 'kept@example.com' })
      await create(aliases, 'guest', { MessageAction: 'SUPPRESS', ForceAliasCreation: true, UserAttributes })
      expect((await read(aliases, 'kept@example.com')).Username).toBe('keeper')
    })

    it('moves neither preferred usernames nor addresses that are usernames', async () => {
      const UserAttributes = list({ preferred_username: 'boss' })
      await create(aliases, 'boss1', { MessageAction: 'SUPPRESS', UserAttributes })
      const again = create(aliases, 'boss2', { MessageAction: 'SUPPRESS', ForceAliasCreation: true, UserAttributes })
      const message = 'An account with the given preferred_username already exists.'
      await expectRefusal(again, 'UsernameExistsException', message)
      await quietly(byEmail, 'fixed@example.com', { email_verified: 'true' })
      const input = { ForceAliasCreation: true, UserAttributes: list({ email_verified: 'true' }) }
      await expectRefusal(create(byEmail, 'fixed@example.com', input), 'UsernameExistsException')
    })
  })

  describe('refusals', () => {
    it('InvalidPasswordException for a temporary password against the policy', async () => {
      const message = 'Password did not conform with policy: Password must have numeric characters'
      const call = create(plain, 'weak', { TemporaryPassword: 'Password!' })
      await expectRefusal(call, 'InvalidPasswordException', message)
      await expectRefusal(read(plain, 'weak'), 'UserNotFoundException')
    })

    it.each([
      [{ email: 'no address' }, 'Invalid email address format.'],
      [{ phone_number: '555' }, 'Invalid phone number format.'],
      [{ sub: 'mine' }, 'user.sub: Attribute cannot be updated.\n'],
      [
        { 'custom:x': '1' },
        'Attributes did not conform to the schema: custom:x: Attribute does not exist in the schema.\n',
      ],
      [
        { birthdate: '1' },
        'Attributes did not conform to the schema: birthdate: String must be between 10 and 10 characters\n',
      ],
    ])('InvalidParameterException for %j', async (attributes, message) => {
      await expectRefusal(
        quietly(plain, 'bad', attributes as Record<string, string>),
        'InvalidParameterException',
        message,
      )
    })

    it('InvalidParameterException for names in the form of an alias, however spelt', async () => {
      const refuse = (pool: string, name: string, message: string, attributes = {}) =>
        expectRefusal(quietly(pool, name, attributes), 'InvalidParameterException', message)
      const email = 'cannot be of email format, since user pool is configured for email alias.'
      const phone = 'cannot be of phone number format, since user pool is configured for phone number alias.'
      await refuse(aliases, 'ceo\uff20corp.com', `Username ${email}`)
      await refuse(aliases, '+\uff11\uff12\uff13', `Username ${phone}`)
      await refuse(aliases, 'spy', `Preferred username ${email}`, { preferred_username: 'cfo@corp.com' })
      await refuse(aliases, 'spy', `Preferred username ${email}`, { preferred_username: 'cfo\uff20corp.com' })
      await refuse(aliases, 'spy', `Preferred username ${phone}`, { preferred_username: '+15550100099' })
      await refuse(byEmail, '\uff41@corp.com', 'Username should be an email.')
      await refuse(byEither, '\uff0b1555', 'Username should be either an email or a phone number.')
      // No name, and so nobody's.
      await quietly(plain, 'free', { preferred_username: 'cfo@corp.com' })
    })

    it('InvalidParameterException for an attribute without value', async () => {
      const call = create(plain, 'null', { UserAttributes: [{ Name: 'picture', Value: undefined }] })
      await expectRefusal(call, 'InvalidParameterException', 'Attribute value for picture must not be null')
    })

    it('CodeDeliveryFailureException where the invitation cannot leave; the user is not made', async () => {
      const production = await startTestServer({ engine, env: { NODE_ENV: 'production' } })
      try {
        const UserPoolId = (await makePool(production)).Id
        const input = { UserPoolId, Username: 'ann', UserAttributes: list({ phone_number: '+15550100030' }) }
        const message = 'No delivery of SMS is configured: set SMS_URL or SNS_ENDPOINT.'
        const call = production.admin.send(new AdminCreateUserCommand(input))
        await expectRefusal(call, 'CodeDeliveryFailureException', message)
        await production.admin.send(new AdminCreateUserCommand({ ...input, MessageAction: 'SUPPRESS' }))
      } finally {
        await production.stop()
      }
    })

    it('ResourceNotFoundException for an unknown pool', async () => {
      const call = quietly('us-east-1_NoSuchPoo', 'ann')
      await expectRefusal(call, 'ResourceNotFoundException', 'User pool us-east-1_NoSuchPoo does not exist.')
    })

    it('an unsigned call', async () => {
      const { json } = await server.raw('AdminCreateUser', { UserPoolId: plain, Username: 'mallory' })
      expect(json.__type).toBe('MissingAuthenticationTokenException')
      await expectRefusal(read(plain, 'mallory'), 'UserNotFoundException')
    })
  })
})
