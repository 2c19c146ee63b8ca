import {
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  AdminInitiateAuthCommand,
  type AttributeType,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
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

const DAY_MS = 24 * 60 * 60 * 1000

const list = (attributes: Record<string, string>): AttributeType[] =>
  Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))

describe.each(engines)('AdminCreateUser, the invitation, on %s', (engine) => {
  const server = useTestServer({ engine })
  let plain: string
  let byEmail: string

  beforeAll(async () => {
    plain = (await makePool(server)).Id
    byEmail = (await makePool(server, { UsernameAttributes: ['email'] })).Id
  })

  const create = (UserPoolId: string, Username: string, input: Partial<AdminCreateUserCommandInput> = {}) =>
    server.admin.send(new AdminCreateUserCommand({ UserPoolId, Username, ...input }))
  const quietly = (UserPoolId: string, Username: string, attributes: Record<string, string> = {}) =>
    create(UserPoolId, Username, { MessageAction: 'SUPPRESS', UserAttributes: list(attributes) })
  const messagesTo = async (to: string) => (await server.outbox.messages(1000)).filter((message) => message.to === to)
  const logIn = async (UserPoolId: string, USERNAME: string, password: string) => {
    const { ClientId } = await makeClient(server, UserPoolId)
    const AuthParameters = { USERNAME, PASSWORD: password }
    const AuthFlow = 'ADMIN_USER_PASSWORD_AUTH'
    return server.admin.send(new AdminInitiateAuthCommand({ UserPoolId, ClientId, AuthFlow, AuthParameters }))
  }

  describe('the invitation', () => {
    it('brings a made password that signs in, to the media asked for', async () => {
      const attributes = { email: 'inv@example.com', phone_number: '+15550100001' }
      await create(plain, 'inv', { UserAttributes: list(attributes), DesiredDeliveryMediums: ['EMAIL', 'SMS'] })
      const [mail] = await messagesTo('inv@example.com')
      const [text] = await messagesTo('+15550100001')
      expect([mail?.medium, text?.medium]).toEqual(['EMAIL', 'SMS'])
      expect(text?.body).toContain('Your username is inv and temporary password is ')
      const password = /temporary password is (\S+?)\.? ?$/.exec(text?.body ?? '')?.[1] as string
      expect(await logIn(plain, 'inv', password)).toMatchObject({ ChallengeName: 'NEW_PASSWORD_REQUIRED' })
    })

    it('goes by SMS by default, and nowhere without a number', async () => {
      const attributes = { email: 'sms@example.com', phone_number: '+15550100002' }
      await create(plain, 'sms', { UserAttributes: list(attributes) })
      expect(await messagesTo('sms@example.com')).toEqual([])
      expect(await messagesTo('+15550100002')).toHaveLength(1)
      await create(plain, 'nosms', { UserAttributes: list({ email: 'nosms@example.com' }) })
      expect(await messagesTo('nosms@example.com')).toEqual([])
    })

    it('goes nowhere with SUPPRESS', async () => {
      await quietly(plain, 'quiet', { email: 'quiet@example.com', phone_number: '+15550100003' })
      expect(await messagesTo('+15550100003')).toEqual([])
    })

    it('calls a user by the address it signs in with', async () => {
      await create(byEmail, 'who@example.com', { DesiredDeliveryMediums: ['EMAIL'] })
      expect((await messagesTo('who@example.com'))[0]?.body).toContain('who@example.com')
    })

    it('is not sent when the user is not made', async () => {
      const UserAttributes = list({ phone_number: '+15550100004' })
      await quietly(plain, 'there')
      await expectRefusal(create(plain, 'there', { UserAttributes }), 'UsernameExistsException')
      expect(await messagesTo('+15550100004')).toEqual([])
    })
  })

  describe('a made password', () => {
    it.each([
      { MinimumLength: 30, RequireSymbols: true, RequireNumbers: true, RequireUppercase: true, RequireLowercase: true },
      { MinimumLength: 6 },
    ])('follows the policy %j', async (PasswordPolicy) => {
      const pool = await makePool(server, { Policies: { PasswordPolicy } })
      const number = `+1555020${PasswordPolicy.MinimumLength}${engine.length}`
      await create(pool.Id, 'u', { UserAttributes: list({ phone_number: number }) })
      const password = /password is (\S+?)\.? ?$/.exec((await messagesTo(number))[0]?.body ?? '')?.[1] as string
      expect(password.length).toBeGreaterThanOrEqual(PasswordPolicy.MinimumLength)
      // Given as a temporary password it passes the same policy.
      await create(pool.Id, 'v', { MessageAction: 'SUPPRESS', TemporaryPassword: password })
    })
  })

  describe('RESEND', () => {
    const again = (Username: string, input: Partial<AdminCreateUserCommandInput> = {}) =>
      create(plain, Username, { MessageAction: 'RESEND', ...input })

    it('sends another password, with which the older one and its expiry end', async () => {
      const UserAttributes = list({ phone_number: '+15550100020', name: 'Re' })
      await create(plain, 're', { UserAttributes, TemporaryPassword: PASSWORD })
      server.clock.advance(8 * DAY_MS)
      const expired = 'Temporary password has expired and must be reset by an administrator.'
      await expectRefusal(logIn(plain, 're', PASSWORD), 'NotAuthorizedException', expired)
      const { User } = await again('re', { UserAttributes: list({ name: 'Ignored' }) })
      expect(User?.Attributes).toContainEqual({ Name: 'name', Value: 'Re' })
      const messages = await messagesTo('+15550100020')
      expect(messages).toHaveLength(2)
      const password = /password is (\S+?)\.? ?$/.exec(messages[0]?.body ?? '')?.[1] as string
      expect(password).not.toBe(PASSWORD)
      await expectRefusal(logIn(plain, 're', PASSWORD), 'NotAuthorizedException', 'Incorrect username or password.')
      expect(await logIn(plain, 're', password)).toMatchObject({ ChallengeName: 'NEW_PASSWORD_REQUIRED' })
    })

    it('takes a temporary password, the same one too', async () => {
      await create(plain, 're2', { MessageAction: 'SUPPRESS', TemporaryPassword: PASSWORD })
      await again('re2', { TemporaryPassword: PASSWORD })
      expect(await logIn(plain, 're2', PASSWORD)).toMatchObject({ ChallengeName: 'NEW_PASSWORD_REQUIRED' })
    })

    it('is refused for an unknown user, and for a user in another status', async () => {
      await expectRefusal(again('nobody'), 'UserNotFoundException', 'User does not exist.')
      const poolId = (await makePool(server)).Id
      const { ClientId } = await makeClient(server, poolId)
      await makeUser(server, poolId, 'done')
      await signIn(server, ClientId, 'done')
      const call = create(poolId, 'done', { MessageAction: 'RESEND' })
      const message = 'Resend not possible. done status is not FORCE_CHANGE_PASSWORD'
      await expectRefusal(call, 'UnsupportedUserStateException', message)
      await signIn(server, ClientId, 'done')
    })
  })
})
