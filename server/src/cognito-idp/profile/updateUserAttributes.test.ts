import {
  AdminGetUserCommand,
  type CreateUserPoolCommandInput,
  GetUserCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeClient, makePool, makeUser, signIn, useTestServer } from '../../../test/harness.ts'
import { signUpConfirmed } from '../../../test/sign-up.ts'

const UNAUTHORIZED = 'A client attempted to write unauthorized attribute'

describe.each(engines)('UpdateUserAttributes on %s', (engine) => {
  const server = useTestServer({ engine })

  async function setUp(settings: Partial<CreateUserPoolCommandInput> = {}, client = {}) {
    const poolId = (await makePool(server, settings)).Id
    return { poolId, clientId: (await makeClient(server, poolId, client)).ClientId }
  }
  async function userOf(at: { poolId: string; clientId: string }, name: string, attributes = {}) {
    await makeUser(server, at.poolId, name, attributes)
    return (await signIn(server, at.clientId, name)).AccessToken
  }
  const update = async (AccessToken: string, attributes: Record<string, string>) => {
    const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))
    const { $metadata: _, ...answer } = await server.app.send(
      new UpdateUserAttributesCommand({ AccessToken, UserAttributes }),
    )
    return answer
  }
  const profile = async (AccessToken: string) => {
    const { UserAttributes } = await server.app.send(new GetUserCommand({ AccessToken }))
    const { sub: _, ...rest } = Object.fromEntries((UserAttributes ?? []).map(({ Name, Value }) => [Name, Value]))
    return rest
  }
  const verify = (AccessToken: string, AttributeName: string, Code: string) =>
    server.app.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName, Code }))
  const messagesTo = async (to: string) => (await server.outbox.messages(200)).filter((one) => one.to === to).length
  const verified = (email: string) => ({ email, email_verified: 'true' })

  describe('ok', () => {
    it('writes, overwrites and by an empty value deletes', async () => {
      const at = await setUp()
      const token = await userOf(at, 'ann', { nickname: 'annie', name: 'Ann' })
      expect(await update(token, { name: 'Ann Lee', nickname: '', locale: 'de' })).toEqual({})
      expect(await profile(token)).toEqual({ name: 'Ann Lee', locale: 'de' })
    })

    it('moves the date of the last change, unless nothing changed', async () => {
      const at = await setUp()
      const token = await userOf(at, 'ann', { name: 'Ann' })
      const changedAt = async () =>
        (
          await server.admin.send(new AdminGetUserCommand({ UserPoolId: at.poolId, Username: 'ann' }))
        ).UserLastModifiedDate?.getTime() as number
      const before = await changedAt()
      server.clock.advance(1000)
      await update(token, { name: 'Ann' })
      expect(await changedAt()).toBe(before)
      await update(token, { name: 'Anne' })
      expect(await changedAt()).toBeGreaterThan(before)
    })

    it('takes a new address at once, unverified, and sends a code where the pool verifies it', async () => {
      const at = await setUp({ AutoVerifiedAttributes: ['email'], AliasAttributes: ['email'] })
      const token = await userOf(at, 'ann', verified('old@example.org'))
      expect(await update(token, { email: 'new@example.org', phone_number: '+14325551212' })).toEqual({
        CodeDeliveryDetailsList: [{ AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'n***@e***' }],
      })
      expect(await profile(token)).toEqual({
        email: 'new@example.org',
        email_verified: 'false',
        phone_number: '+14325551212',
        phone_number_verified: 'false',
      })
      await expectRefusal(signIn(server, at.clientId, 'old@example.org'), 'UserNotFoundException')
      await verify(token, 'email', await server.outbox.latestCode('new@example.org'))
      expect((await signIn(server, at.clientId, 'new@example.org')).AccessToken).toBeTruthy()
      expect(await messagesTo('+14325551212')).toBe(0)
    })

    it('sends no code for the value that is there already', async () => {
      const at = await setUp({ AutoVerifiedAttributes: ['email'] })
      const token = await userOf(at, 'ann', verified('same@example.org'))
      expect(await update(token, { email: 'same@example.org' })).toEqual({})
      expect(await profile(token)).toMatchObject({ email_verified: 'true' })
      expect(await messagesTo('same@example.org')).toBe(0)
    })

    it('sends one code for each address', async () => {
      const at = await setUp({ AutoVerifiedAttributes: ['email', 'phone_number'] })
      const token = await userOf(at, 'ann')
      const { CodeDeliveryDetailsList } = await update(token, {
        email: 'two@example.org',
        phone_number: '+14325550002',
      })
      expect(CodeDeliveryDetailsList?.map((details) => details.AttributeName)).toEqual(['email', 'phone_number'])
      expect([await messagesTo('two@example.org'), await messagesTo('+14325550002')]).toEqual([1, 1])
    })

    it('changes the name of users who are known by their address', async () => {
      const at = await setUp({ UsernameAttributes: ['email'] })
      const token = await userOf(at, 'before@example.org')
      await update(token, { email: 'after@example.org' })
      expect((await signIn(server, at.clientId, 'after@example.org')).AccessToken).toBeTruthy()
      await expectRefusal(signIn(server, at.clientId, 'before@example.org'), 'UserNotFoundException')
      await makeUser(server, at.poolId, 'before@example.org')
    })
  })

  describe('where a new value waits for its verification', () => {
    const settings: Partial<CreateUserPoolCommandInput> = {
      AutoVerifiedAttributes: ['email', 'phone_number'],
      AliasAttributes: ['email'],
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
    }

    it('keeps the old one in use until then', async () => {
      const at = await setUp(settings)
      const token = await userOf(at, 'ann', verified('stays@example.org'))
      const { CodeDeliveryDetailsList } = await update(token, { email: 'waits@example.org', name: 'Ann' })
      expect(CodeDeliveryDetailsList).toEqual([
        { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'w***@e***' },
      ])
      expect(await profile(token)).toEqual({ ...verified('stays@example.org'), name: 'Ann' })
      expect((await signIn(server, at.clientId, 'stays@example.org')).AccessToken).toBeTruthy()
      await verify(token, 'email', await server.outbox.latestCode('waits@example.org'))
      expect(await profile(token)).toEqual({ ...verified('waits@example.org'), name: 'Ann' })
      await expectRefusal(signIn(server, at.clientId, 'stays@example.org'), 'UserNotFoundException')
    })

    it('forgets an earlier pending value for a later one', async () => {
      const at = await setUp(settings)
      const token = await userOf(at, 'ann', verified('first@example.org'))
      await update(token, { email: 'second@example.org' })
      const second = await server.outbox.latestCode('second@example.org')
      await update(token, { email: 'third@example.org' })
      const third = await server.outbox.latestCode('third@example.org')
      if (second !== third) await expectRefusal(verify(token, 'email', second), 'CodeMismatchException')
      await verify(token, 'email', third)
      expect(await profile(token)).toEqual(verified('third@example.org'))
    })

    it('takes over at once what does not wait', async () => {
      const at = await setUp(settings)
      const token = await userOf(at, 'ann')
      await update(token, { phone_number: '+14325550003' })
      expect(await profile(token)).toEqual({ phone_number: '+14325550003', phone_number_verified: 'false' })
    })

    it('finds out at verification that another user has the address by now', async () => {
      const at = await setUp(settings)
      const token = await userOf(at, 'ann', verified('mine@example.org'))
      await makeUser(server, at.poolId, 'bob', verified('taken@example.org'))
      await update(token, { email: 'taken@example.org' })
      await expectRefusal(
        verify(token, 'email', await server.outbox.latestCode('taken@example.org')),
        'AliasExistsException',
        'An account with the given email already exists.',
      )
      expect(await profile(token)).toEqual(verified('mine@example.org'))
    })
  })

  describe('refuses', () => {
    it('attributes that the client may not write, and verification flags', async () => {
      const at = await setUp({}, { WriteAttributes: ['name', 'email'] })
      const token = await userOf(at, 'ann', { email: 'ann@example.org' })
      for (const attributes of [{ nickname: 'x' }, { email_verified: 'true' }, { name: 'Ann', locale: 'de' }]) {
        await expectRefusal(update(token, attributes as never), 'NotAuthorizedException', UNAUTHORIZED)
      }
      const free = await makeClient(server, at.poolId)
      const { AccessToken } = await signIn(server, free.ClientId, 'ann')
      for (const flag of ['email_verified', 'phone_number_verified', 'dev:custom:secret']) {
        await expectRefusal(update(AccessToken, { [flag]: 'true' }), 'NotAuthorizedException', UNAUTHORIZED)
      }
      expect(await profile(token)).toEqual({ email: 'ann@example.org' })
    })

    it('what the schema forbids, and then writes nothing of the rest', async () => {
      const at = await setUp({
        Schema: [
          { Name: 'name', Required: true },
          { Name: 'fixed', AttributeDataType: 'String', Mutable: false },
        ],
      })
      const token = await userOf(at, 'ann', { name: 'Ann', 'custom:fixed': 'one' })
      const unset = await userOf(at, 'bob', { name: 'Bob' })
      for (const [attributes, text] of [
        [{ sub: 'x' }, 'user.sub: Attribute cannot be updated.\n'],
        [{ 'custom:fixed': 'two' }, 'user.custom:fixed: Attribute cannot be updated.\n'],
        [{ name: '' }, 'Invalid user attributes: name: Required attribute cannot be deleted.'],
        [{ email: 'nobody' }, 'Invalid email address format.'],
        [{ phone_number: '12' }, 'Invalid phone number format.'],
        [{ 'custom:none': 'x' }, 'user.custom:none: Attribute does not exist in the schema.\n'],
      ] as [Record<string, string>, string][]) {
        await expectRefusal(update(token, { nickname: 'x', ...attributes }), 'InvalidParameterException', text)
      }
      const fixed = 'user.custom:fixed: Attribute cannot be updated.\n'
      for (const value of ['one', ''])
        await expectRefusal(update(unset, { 'custom:fixed': value }), 'InvalidParameterException', fixed)
      await expectRefusal(
        server.app.send(new UpdateUserAttributesCommand({ AccessToken: token, UserAttributes: [{ Name: 'picture' }] })),
        'InvalidParameterException',
        'Attribute value for picture must not be null',
      )
      expect(await profile(token)).toEqual({ name: 'Ann' })
    })

    it('names that another user has', async () => {
      const byEmail = await setUp({ UsernameAttributes: ['email'] })
      const token = await userOf(byEmail, 'ann@example.org')
      await makeUser(server, byEmail.poolId, 'bob@example.org')
      await expectRefusal(
        update(token, { email: 'bob@example.org' }),
        'AliasExistsException',
        'An account with the given email already exists.',
      )
      await expectRefusal(
        update(token, { email: '' }),
        'InvalidParameterException',
        'Invalid user attributes: email: Required attribute cannot be deleted.',
      )
      const preferred = await setUp({ AliasAttributes: ['preferred_username'] })
      const carol = await userOf(preferred, 'carol')
      const daveSub = await makeUser(server, preferred.poolId, 'dave', { preferred_username: 'd' })
      for (const name of ['dave', 'd', daveSub]) {
        await expectRefusal(
          update(carol, { preferred_username: name }),
          'AliasExistsException',
          'An account with the given preferred_username already exists.',
        )
      }
      await update(carol, { preferred_username: 'c' })
      expect((await signIn(server, preferred.clientId, 'c')).AccessToken).toBeTruthy()
    })

    it('names that are the unverified address of another user', async () => {
      const AutoVerifiedAttributes: CreateUserPoolCommandInput['AutoVerifiedAttributes'] = ['email']
      const at = await setUp({
        AliasAttributes: ['email', 'phone_number', 'preferred_username'],
        AutoVerifiedAttributes,
      })
      const token = await userOf(at, 'spy')
      const email = 'Preferred username cannot be of email format, since user pool is configured for email alias.'
      const phone =
        'Preferred username cannot be of phone number format, since user pool is configured for phone number alias.'
      for (const [preferred_username, text] of [
        ['cfo@corp.com', email],
        ['\uff43fo\uff20corp.com', email],
        ['+14325551212', phone],
        ['\uff0b\uff11\uff14', phone],
      ] as const)
        await expectRefusal(update(token, { preferred_username }), 'InvalidParameterException', text)
      await expectRefusal(
        update(token, { email: '\uff43fo@corp.com' }),
        'InvalidParameterException',
        'Invalid email address format.',
      )
      const sub = await signUpConfirmed(server, at.clientId, 'cfo', { email: 'cfo@corp.com' }, 'cfo@corp.com')
      const owner = await server.admin.send(
        new AdminGetUserCommand({ UserPoolId: at.poolId, Username: 'cfo@corp.com' }),
      )
      expect(owner.UserAttributes).toContainEqual({ Name: 'sub', Value: sub })
      await expectRefusal(
        update(token, { preferred_username: sub }),
        'AliasExistsException',
        'An account with the given preferred_username already exists.',
      )
    })

    it('code after code to ever new addresses', async () => {
      const at = await setUp({ AutoVerifiedAttributes: ['email'] })
      const token = await userOf(at, 'ann')
      for (let i = 0; i < 10; i++) await update(token, { email: `spam${i}@example.org` })
      await expectRefusal(
        update(token, { email: 'spam10@example.org' }),
        'TooManyRequestsException',
        'Attempt limit exceeded, please try after some time.',
      )
      // Other changes are not codes.
      await update(token, { name: 'Ann' })
      expect(await profile(token)).toMatchObject({ email: 'spam9@example.org', name: 'Ann' })
    })

    it('more than 20 codes a day', async () => {
      const at = await setUp({ AutoVerifiedAttributes: ['email'] })
      await userOf(at, 'ann')
      for (let i = 0; i < 21; i++) {
        if (i % 7 === 0) server.clock.advance(60 * 60 * 1000 + 1000)
        const { AccessToken } = await signIn(server, at.clientId, 'ann')
        const call = update(AccessToken, { email: `slow${i}@example.org` })
        if (i === 20) await expectRefusal(call, 'TooManyRequestsException')
        else await call
      }
    })

    it('what is no access token', async () => {
      const at = await setUp()
      await makeUser(server, at.poolId, 'ann')
      const { IdToken } = await signIn(server, at.clientId, 'ann')
      await expectRefusal(update(IdToken, { name: 'x' }), 'NotAuthorizedException', 'Invalid Access Token')
    })
  })

  it('loses none of many concurrent changes, and sends each code once', async () => {
    const at = await setUp({ AutoVerifiedAttributes: ['email'] })
    const token = await userOf(at, 'ann')
    const names = ['name', 'nickname', 'locale', 'picture', 'website', 'profile', 'gender', 'zoneinfo']
    const email = 'amid@example.org'
    const [{ CodeDeliveryDetailsList }] = await Promise.all([
      update(token, { email }),
      ...names.map((name) => update(token, { [name]: name })),
    ])
    expect(CodeDeliveryDetailsList).toHaveLength(1)
    expect(await messagesTo(email)).toBe(1)
    expect(Object.keys(await profile(token)).sort()).toEqual([...names, 'email', 'email_verified'].sort())
  })
})
