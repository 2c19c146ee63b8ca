import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminResetUserPasswordCommand,
  ConfirmForgotPasswordCommand,
  type CreateUserPoolCommandInput,
  GetUserCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import {
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'

const CONTACTS = { email_verified: 'true', phone_number_verified: 'true' }
const NEW_PASSWORD = 'N3w!password'
const NO_CONTACT = 'Cannot reset password for the user as there is no registered/verified email or phone_number'
const WRONG_STATE = 'User password cannot be reset in the current state.'

describe('AdminResetUserPassword', () => {
  const server = useTestServer()
  const at = usePool(server)

  const reset = (Username: string, UserPoolId = at.poolId) =>
    server.admin.send(new AdminResetUserPasswordCommand({ UserPoolId, Username }))
  const statusOf = async (Username: string, UserPoolId = at.poolId) =>
    (await server.admin.send(new AdminGetUserCommand({ UserPoolId, Username }))).UserStatus
  const sentTo = async (to: string) =>
    (await server.outbox.messages(1000)).filter((message) => message.to === to).length
  const confirm = async (Username: string, to: string, ClientId = at.clientId, Password = NEW_PASSWORD) => {
    const ConfirmationCode = await server.outbox.latestCode(to)
    await server.app.send(new ConfirmForgotPasswordCommand({ ClientId, Username, Password, ConfirmationCode }))
  }
  const withEmail = (name: string, id = at.poolId) =>
    makeUser(server, id, name, { email: `${name}@example.com`, email_verified: 'true' })

  it('ends the old password and sends a code with which the user sets a new one', async () => {
    const sub = await withEmail('ann')
    await reset(sub)
    expect(await statusOf('ann')).toBe('RESET_REQUIRED')
    const message = 'Password reset required for the user'
    await expectRefusal(signIn(server, at.clientId, 'ann'), 'PasswordResetRequiredException', message)
    await confirm('ann', 'ann@example.com')
    expect(await statusOf('ann')).toBe('CONFIRMED')
    await signIn(server, at.clientId, 'ann', NEW_PASSWORD)
    await expectRefusal(signIn(server, at.clientId, 'ann'), 'NotAuthorizedException', 'Incorrect username or password.')
  })

  it('is hidden by a client that hides who exists', async () => {
    await withEmail('hid')
    await reset('hid')
    const hiding = await makeClient(server, at.poolId, { PreventUserExistenceErrors: 'ENABLED' })
    const message = 'Incorrect username or password.'
    await expectRefusal(signIn(server, hiding.ClientId, 'hid'), 'NotAuthorizedException', message)
  })

  it('can be repeated, which voids the older code', async () => {
    await withEmail('twice')
    await reset('twice')
    const older = await server.outbox.latestCode('twice@example.com')
    await reset('twice')
    if ((await server.outbox.latestCode('twice@example.com')) !== older) {
      const input = { ClientId: at.clientId, Username: 'twice', Password: NEW_PASSWORD, ConfirmationCode: older }
      await expectRefusal(server.app.send(new ConfirmForgotPasswordCommand(input)), 'CodeMismatchException')
    }
    await confirm('twice', 'twice@example.com')
  })

  it('leaves tokens alive, and refuses for a disabled user', async () => {
    await withEmail('off')
    const { AccessToken } = await signIn(server, at.clientId, 'off')
    await reset('off')
    expect(await statusOf('off')).toBe('RESET_REQUIRED')
    const call = server.app.send(new GetUserCommand({ AccessToken }))
    // Either is right here: which of them is the token's matter.
    await call.catch((error: Error) => expect(error.name).toBe('PasswordResetRequiredException'))
    await withEmail('off2')
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId: at.poolId, Username: 'off2' }))
    await expectRefusal(reset('off2'), 'NotAuthorizedException', 'User is disabled.')
    expect(await sentTo('off2@example.com')).toBe(0)
    expect(await statusOf('off2')).toBe('CONFIRMED')
  })

  it('still counts the old password as used', async () => {
    for (const PasswordHistorySize of [1, 3]) {
      const pool = await makePool(server, { Policies: { PasswordPolicy: { MinimumLength: 8, PasswordHistorySize } } })
      const { ClientId } = await makeClient(server, pool.Id)
      const to = `hist${PasswordHistorySize}@example.com`
      await makeUser(server, pool.Id, 'hist', { email: to, email_verified: 'true' })
      await reset('hist', pool.Id)
      const again = confirm('hist', to, ClientId, PASSWORD)
      await expectRefusal(again, 'PasswordHistoryPolicyViolationException', 'Password has previously been used')
      await confirm('hist', to, ClientId)
    }
  })

  describe('the code goes', () => {
    const recovering = async (names: ('verified_email' | 'verified_phone_number' | 'admin_only')[]) => {
      const RecoveryMechanisms = names.map((Name, position) => ({ Name, Priority: position + 1 }))
      const settings: Partial<CreateUserPoolCommandInput> = { AccountRecoverySetting: { RecoveryMechanisms } }
      return (await makePool(server, settings)).Id
    }
    const both = (id: string, name: string, number: string) =>
      makeUser(server, id, name, { email: `${name}@example.com`, phone_number: number, ...CONTACTS })

    it('to the phone first by default', async () => {
      await both(at.poolId, 'dflt', '+15550300001')
      await reset('dflt')
      expect([await sentTo('+15550300001'), await sentTo('dflt@example.com')]).toEqual([1, 0])
    })

    it('by the order of the pool, and only to what is verified', async () => {
      const id = await recovering(['verified_email', 'verified_phone_number'])
      await both(id, 'order', '+15550300002')
      await reset('order', id)
      expect([await sentTo('+15550300002'), await sentTo('order@example.com')]).toEqual([0, 1])
      const attributes = { email: 'unv@example.com', phone_number: '+15550300003', phone_number_verified: 'true' }
      await makeUser(server, id, 'unv', attributes)
      await reset('unv', id)
      expect([await sentTo('+15550300003'), await sentTo('unv@example.com')]).toEqual([1, 0])
    })

    it('to the phone first where only administrators may reset: they do it here', async () => {
      const id = await recovering(['admin_only'])
      await both(id, 'only', '+15550300004')
      await reset('only', id)
      expect(await sentTo('+15550300004')).toBe(1)
    })
  })

  describe('refusals', () => {
    it('InvalidParameterException without a verified address; the password stays', async () => {
      await makeUser(server, at.poolId, 'none')
      await expectRefusal(reset('none'), 'InvalidParameterException', NO_CONTACT)
      await makeUser(server, at.poolId, 'unverified', { email: 'unverified@example.com' })
      await expectRefusal(reset('unverified'), 'InvalidParameterException', NO_CONTACT)
      await signIn(server, at.clientId, 'unverified')
    })

    it('NotAuthorizedException for a user who has a temporary password, or is not confirmed', async () => {
      const UserAttributes = [
        { Name: 'email', Value: 'forced@example.com' },
        { Name: 'email_verified', Value: 'true' },
      ]
      await server.admin.send(new AdminCreateUserCommand({ UserPoolId: at.poolId, Username: 'forced', UserAttributes }))
      await expectRefusal(reset('forced'), 'NotAuthorizedException', WRONG_STATE)
      await server.app.send(new SignUpCommand({ ClientId: at.clientId, Username: 'signed', Password: PASSWORD }))
      await expectRefusal(reset('signed'), 'NotAuthorizedException', WRONG_STATE)
      expect([await statusOf('forced'), await statusOf('signed')]).toEqual(['FORCE_CHANGE_PASSWORD', 'UNCONFIRMED'])
    })

    it('UserNotFoundException for an unknown user', async () => {
      await expectRefusal(reset('nobody'), 'UserNotFoundException', 'User does not exist.')
    })

    it('an unsigned call', async () => {
      await withEmail('safe')
      const { json } = await server.raw('AdminResetUserPassword', { UserPoolId: at.poolId, Username: 'safe' })
      expect(json.__type).toBe('MissingAuthenticationTokenException')
      await signIn(server, at.clientId, 'safe')
    })
  })
})
