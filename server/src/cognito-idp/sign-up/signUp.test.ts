import {
  AdminConfirmSignUpCommand,
  AdminGetUserCommand,
  type CreateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  useTestServer,
} from '../../../test/harness.ts'
import { countOutcomes, signUpUser } from '../../../test/sign-up.ts'

describe.each(engines)('SignUp on %s', (engine) => {
  const server = useTestServer({ engine })

  /** A pool with one client. */
  async function setUp(settings: Partial<CreateUserPoolCommandInput> = {}, client = {}) {
    const poolId = (await makePool(server, settings)).Id
    return { poolId, clientId: (await makeClient(server, poolId, client)).ClientId }
  }
  const attributesOf = async (UserPoolId: string, Username: string) => {
    const user = await server.admin.send(new AdminGetUserCommand({ UserPoolId, Username }))
    return {
      username: user.Username,
      status: user.UserStatus,
      ...Object.fromEntries((user.UserAttributes ?? []).map(({ Name, Value }) => [Name, Value])),
    }
  }

  describe('ok', () => {
    it('makes an unconfirmed user and sends a code to the attribute that the pool verifies', async () => {
      const { poolId, clientId } = await setUp({ AutoVerifiedAttributes: ['email'] })
      const { $metadata: _, ...answer } = await signUpUser(server, clientId, 'ann', {
        email: 'first@example.org',
        given_name: 'Ann',
      })
      expect(answer).toEqual({
        UserConfirmed: false,
        UserSub: expect.stringMatching(/^[0-9a-f-]{36}$/),
        CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'f***@e***' },
      })
      expect(await attributesOf(poolId, 'ann')).toEqual({
        username: 'ann',
        status: 'UNCONFIRMED',
        sub: answer.UserSub,
        email: 'first@example.org',
        email_verified: 'false',
        given_name: 'Ann',
      })
      expect(await server.outbox.latestCode('first@example.org')).toMatch(/^\d{6}$/)
    })

    it('answers with nothing but the sub when the pool verifies nothing', async () => {
      const { clientId } = await setUp()
      const { $metadata: _, ...answer } = await signUpUser(server, clientId, 'ann', { email: 'quiet@example.org' })
      expect(answer).toEqual({ UserConfirmed: false, UserSub: expect.any(String) })
      await expect(server.outbox.latestCode('quiet@example.org')).rejects.toThrow()
    })

    it('sends no code when the attribute to verify was not given', async () => {
      const { clientId } = await setUp({ AutoVerifiedAttributes: ['email'] })
      expect((await signUpUser(server, clientId, 'ann')).CodeDeliveryDetails).toBeUndefined()
    })

    it('prefers the phone when both are verified', async () => {
      const { clientId } = await setUp({ AutoVerifiedAttributes: ['email', 'phone_number'] })
      const contacts = { email: 'both@example.org', phone_number: '+14325551212' }
      expect((await signUpUser(server, clientId, 'ann', contacts)).CodeDeliveryDetails).toEqual({
        AttributeName: 'phone_number',
        DeliveryMedium: 'SMS',
        Destination: '+*******1212',
      })
    })

    it('names users by their sub where an address or number is the name, and keeps the given one', async () => {
      const { poolId, clientId } = await setUp({ UsernameAttributes: ['email', 'phone_number'] })
      const byEmail = await signUpUser(server, clientId, 'Bob@Example.org')
      expect(await attributesOf(poolId, 'Bob@Example.org')).toMatchObject({
        username: byEmail.UserSub,
        sub: byEmail.UserSub,
        email: 'Bob@Example.org',
      })
      const same = { email: 'carol@example.org', name: 'Carol' }
      await signUpUser(server, clientId, 'carol@example.org', same)
      expect(await attributesOf(poolId, 'carol@example.org')).toMatchObject(same)
      const byPhone = await signUpUser(server, clientId, '+14325550001')
      expect(await attributesOf(poolId, '+14325550001')).toMatchObject({
        username: byPhone.UserSub,
        phone_number: '+14325550001',
      })
    })

    it('takes names of any form where they are no aliases', async () => {
      const { clientId } = await setUp({ AliasAttributes: ['preferred_username'] })
      for (const name of ['who@example.org', '+14325551212', 'ünïcode·名', "O'Neill;drop--", 'constructor']) {
        expect((await signUpUser(server, clientId, name)).UserConfirmed).toBe(false)
      }
    })

    it('lower-cases names where case does not count', async () => {
      const { poolId, clientId } = await setUp({ UsernameConfiguration: { CaseSensitive: false } })
      await signUpUser(server, clientId, 'AnnLee')
      expect((await attributesOf(poolId, 'ANNLEE')).username).toBe('annlee')
    })

    it('lets an alias be claimed by many until one confirms it', async () => {
      const { clientId } = await setUp({ AliasAttributes: ['email'], AutoVerifiedAttributes: ['email'] })
      await signUpUser(server, clientId, 'one', { email: 'same@example.org' })
      await signUpUser(server, clientId, 'two', { email: 'same@example.org' })
    })
  })

  describe('refuses', () => {
    it('sign-ups where only administrators make users', async () => {
      const { clientId } = await setUp({ AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } })
      await expectRefusal(
        signUpUser(server, clientId, 'ann', {}, { Password: 'weak12' }),
        'NotAuthorizedException',
        'SignUp is not permitted for this user pool',
      )
    })

    it('attributes that the client may not write, before it looks at anything else', async () => {
      const { clientId } = await setUp({ UsernameAttributes: ['email'] }, { WriteAttributes: ['email', 'name'] })
      const text = 'A client attempted to write unauthorized attribute'
      const weak = { Password: 'weak12' }
      await expectRefusal(signUpUser(server, clientId, 'x', { nickname: 'x' }, weak), 'NotAuthorizedException', text)
      await signUpUser(server, clientId, 'ann@example.org', { name: 'Ann' })
    })

    it.each(['email_verified', 'phone_number_verified'])('the attribute %s', async (flag) => {
      const { clientId } = await setUp()
      await expectRefusal(
        signUpUser(server, clientId, 'ann', { email: 'a@example.org', [flag]: 'true' }),
        'NotAuthorizedException',
        'A client attempted to write unauthorized attribute',
      )
    })

    it('names of the wrong form, before it looks at the password', async () => {
      const refuse = (clientId: string, name: string, text: string, attributes = {}) =>
        expectRefusal(
          signUpUser(server, clientId, name, attributes, { Password: 'weak12' }),
          'InvalidParameterException',
          text,
        )
      const byEmail = await setUp({ UsernameAttributes: ['email'] })
      await refuse(byEmail.clientId, 'ann', 'Username should be an email.')
      await refuse(byEmail.clientId, '+14325551212', 'Username should be an email.')
      await refuse(
        byEmail.clientId,
        'a@example.org',
        'User email should be empty or same as username, since username attribute is email.',
        { email: 'b@example.org' },
      )
      const byPhone = await setUp({ UsernameAttributes: ['phone_number'] })
      await refuse(byPhone.clientId, 'a@example.org', 'Username should be a phone number.')
      const byBoth = await setUp({ UsernameAttributes: ['phone_number', 'email'] })
      await refuse(byBoth.clientId, 'ann', 'Username should be either an email or a phone number.')
      const aliases = await setUp({ AliasAttributes: ['email', 'phone_number'] })
      await refuse(
        aliases.clientId,
        'a@example.org',
        'Username cannot be of email format, since user pool is configured for email alias.',
      )
      await refuse(
        aliases.clientId,
        '+14325551212',
        'Username cannot be of phone number format, since user pool is configured for phone number alias.',
      )
    })

    it('passwords against the policy, before it looks at the schema or at who exists', async () => {
      const { poolId, clientId } = await setUp()
      await makeUser(server, poolId, 'ann')
      for (const [Password, problem] of [
        ['Sh0rt!', 'Password not long enough'],
        ['alllower1!', 'Password must have uppercase characters'],
        ['ALLUPPER1!', 'Password must have lowercase characters'],
        ['NoNumbers!', 'Password must have numeric characters'],
        ['NoSymbols1', 'Password must have symbol characters'],
      ]) {
        await expectRefusal(
          signUpUser(server, clientId, 'ann', { 'custom:none': 'x' }, { Password }),
          'InvalidPasswordException',
          `Password did not conform with policy: ${problem}`,
        )
      }
    })

    it('passwords that break constraints, and sign-ups without one', async () => {
      const { clientId } = await setUp()
      const at = "Value at 'password' failed to satisfy constraint: Member must"
      await expectRefusal(
        signUpUser(server, clientId, 'ann', {}, { Password: '' }),
        'InvalidParameterException',
        `2 validation errors detected: ${at} have length greater than or equal to 6; ${at} satisfy regular expression pattern: ^[\\S]+.*[\\S]+$`,
      )
      await expectRefusal(
        signUpUser(server, clientId, 'ann', {}, { Password: undefined }),
        'InvalidParameterException',
        `1 validation error detected: ${at} not be null`,
      )
    })

    it('attributes against the schema', async () => {
      const { clientId } = await setUp({
        Schema: [
          { Name: 'given_name', Required: true },
          { Name: 'family_name', Required: true },
          { Name: 'age', AttributeDataType: 'Number', NumberAttributeConstraints: { MinValue: '18' }, Mutable: true },
        ],
      })
      const named = { given_name: 'Ann', family_name: 'Lee' }
      const schema = 'Attributes did not conform to the schema: '
      for (const [attributes, text] of [
        [{}, `${schema}given_name: The attribute is required\nfamily_name: The attribute is required\n`],
        [{ ...named, given_name: '' }, `${schema}given_name: The attribute is required\n`],
        [{ ...named, 'custom:none': 'x' }, `${schema}custom:none: Attribute does not exist in the schema.\n`],
        [{ ...named, 'custom:age': '17' }, `${schema}custom:age: Number must be greater than or equal to 18\n`],
        [{ ...named, birthdate: '1.1.2000' }, `${schema}birthdate: String must be between 10 and 10 characters\n`],
        [{ ...named, email: 'nobody' }, 'Invalid email address format.'],
        [{ ...named, phone_number: '555' }, 'Invalid phone number format.'],
        [{ ...named, sub: '3f0c0000-0000-4000-8000-000000000000' }, 'user.sub: Attribute cannot be updated.\n'],
      ] as [Record<string, string>, string][]) {
        await expectRefusal(signUpUser(server, clientId, 'ann', attributes), 'InvalidParameterException', text)
      }
      const UserAttributes = [{ Name: 'given_name', Value: 'Ann' }, { Name: 'picture' }]
      await expectRefusal(
        signUpUser(server, clientId, 'ann', {}, { UserAttributes }),
        'InvalidParameterException',
        'Attribute value for picture must not be null',
      )
    })

    it("names and addresses that are somebody else's in another spelling", async () => {
      const refuse = (clientId: string, name: string, text: string, attributes = {}) =>
        expectRefusal(signUpUser(server, clientId, name, attributes), 'InvalidParameterException', text)
      const { clientId } = await setUp({ AliasAttributes: ['email', 'phone_number'] })
      const email = 'Username cannot be of email format, since user pool is configured for email alias.'
      for (const name of ['ceo\uff20corp.com', '\uff43eo\ufe6bcorp.com', 'ceo@\uff43orp.com'])
        await refuse(clientId, name, email)
      const phone = 'Username cannot be of phone number format, since user pool is configured for phone number alias.'
      await refuse(clientId, '\uff0b14325551212', phone)
      await refuse(clientId, 'ann', 'Invalid email address format.', { email: '\uff43eo@corp.com' })
      const byEmail = await setUp({ UsernameAttributes: ['email'] })
      await refuse(byEmail.clientId, '\uff41@corp.com', 'Username should be an email.')
      await refuse(byEmail.clientId, 'a\uff20corp.com', 'Username should be an email.')
      await refuse(byEmail.clientId, 'a@corp.com', 'Invalid email address format.', { email: '\uff41@corp.com' })
      await signUpUser(server, byEmail.clientId, 'a@corp.com')
    })

    it('a preferred username where that is an alias, as the user is not confirmed', async () => {
      const { clientId } = await setUp({ AliasAttributes: ['preferred_username'] })
      await expectRefusal(
        signUpUser(server, clientId, 'ann', { preferred_username: 'annie' }),
        'InvalidParameterException',
        'Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred username alias.',
      )
      const without = await setUp()
      await signUpUser(server, without.clientId, 'ann', { preferred_username: 'annie' })
    })

    it('names that are taken, in any status of the user who holds them, and with and without PreventUserExistenceErrors', async () => {
      const { poolId, clientId } = await setUp({}, { PreventUserExistenceErrors: 'ENABLED' })
      const legacy = (await makeClient(server, poolId, { PreventUserExistenceErrors: 'LEGACY' })).ClientId
      await signUpUser(server, clientId, 'unconfirmed', { email: 'first@example.org' })
      const sub = await makeUser(server, poolId, 'confirmed')
      for (const client of [clientId, legacy]) {
        for (const name of ['unconfirmed', 'confirmed', sub]) {
          await expectRefusal(signUpUser(server, client, name), 'UsernameExistsException', 'User already exists')
        }
      }
      expect((await attributesOf(poolId, sub)).username).toBe('confirmed')
    })

    it('names that differ in case only, where case does not count', async () => {
      const { clientId } = await setUp({ UsernameConfiguration: { CaseSensitive: false } })
      await signUpUser(server, clientId, 'Ann')
      await expectRefusal(signUpUser(server, clientId, 'aNN'), 'UsernameExistsException', 'User already exists')
      const strict = await setUp()
      await signUpUser(server, strict.clientId, 'Ann')
      await signUpUser(server, strict.clientId, 'aNN')
    })

    it('addresses and numbers that are somebody’s name, and leaves nothing behind', async () => {
      const { clientId } = await setUp({
        UsernameAttributes: ['email', 'phone_number'],
        AutoVerifiedAttributes: ['email'],
      })
      await signUpUser(server, clientId, 'ann@example.org', { phone_number: '+14325551212' })
      await expectRefusal(
        signUpUser(server, clientId, 'ann@example.org'),
        'UsernameExistsException',
        'An account with the given email already exists.',
      )
      await expectRefusal(
        signUpUser(server, clientId, 'new@example.org', { phone_number: '+14325551212' }),
        'UsernameExistsException',
        'An account with the given phone_number already exists.',
      )
      await expect(server.outbox.latestCode('new@example.org')).rejects.toThrow()
      await signUpUser(server, clientId, 'new@example.org')
    })

    it('more codes to one number than its limit allows, for all users together', async () => {
      const { clientId } = await setUp({ AutoVerifiedAttributes: ['phone_number'] })
      const phone_number = '+14325557777'
      for (let i = 0; i < 6; i++) await signUpUser(server, clientId, `fraud${i}`, { phone_number })
      await expectRefusal(
        signUpUser(server, clientId, 'fraud6', { phone_number }),
        'LimitExceededException',
        'Attempt limit exceeded, please try after some time.',
      )
      const sent = (await server.outbox.messages(100)).filter((message) => message.to === phone_number)
      expect(sent).toHaveLength(6)
      await signUpUser(server, clientId, 'honest', { phone_number: '+14325557778' })
    })

    it('clients that are unknown or do not prove their secret', async () => {
      await expectRefusal(
        signUpUser(server, 'nosuchclient', 'ann'),
        'ResourceNotFoundException',
        'User pool client nosuchclient does not exist.',
      )
      const { clientId } = await setUp({}, { GenerateSecret: true })
      await expectRefusal(
        signUpUser(server, clientId, 'ann'),
        'NotAuthorizedException',
        `Client ${clientId} is configured with secret but SECRET_HASH was not received`,
      )
    })
  })

  describe('of many at once', () => {
    // The last username is written with a full-width letter, which NFKC makes the same; an address would be refused.
    it.each([
      [['email' as const], ['victim@example.org', 'VICTIM@example.org', 'Victim@Example.Org', 'victim@EXAMPLE.org']],
      [undefined, ['victim', 'VICTIM', 'Victim', '\uff56ictim']],
    ])(
      'lets one have a name, in whatever case or form it is written (by %j)',
      async (UsernameAttributes, spellings) => {
        const { clientId } = await setUp({ UsernameAttributes, UsernameConfiguration: { CaseSensitive: false } })
        const calls = Array.from({ length: 40 }, (_, i) => signUpUser(server, clientId, spellings[i % 4] as string))
        expect(await countOutcomes(calls)).toEqual({ ok: 1, UsernameExistsException: 39 })
      },
    )

    it('stores each with its own password', async () => {
      const { poolId, clientId } = await setUp()
      await Promise.all(
        ['a', 'b', 'c'].map((name) => signUpUser(server, clientId, name, {}, { Password: `${PASSWORD}${name}` })),
      )
      for (const name of ['a', 'b', 'c']) {
        expect((await attributesOf(poolId, name)).status).toBe('UNCONFIRMED')
        // An unconfirmed user's password is not tested.
        await server.admin.send(new AdminConfirmSignUpCommand({ UserPoolId: poolId, Username: name }))
        await expectRefusal(signIn(server, clientId, name, PASSWORD), 'NotAuthorizedException')
        expect((await signIn(server, clientId, name, `${PASSWORD}${name}`)).IdToken).toBeDefined()
      }
    })
  })
})
