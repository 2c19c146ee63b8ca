import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  GetUserCommand,
  InitiateAuthCommand,
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

const OTHER = 'An0ther!pass'

describe('AdminSetUserPassword', () => {
  const server = useTestServer()
  const at = usePool(server)

  const set = (Username: string, Password: string, Permanent?: boolean, UserPoolId = at.poolId) =>
    server.admin.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent }))
  const statusOf = async (Username: string, UserPoolId = at.poolId) =>
    (await server.admin.send(new AdminGetUserCommand({ UserPoolId, Username }))).UserStatus
  const begin = (USERNAME: string, password: string) =>
    server.app.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: at.clientId,
        AuthParameters: { USERNAME, PASSWORD: password },
      }),
    )

  it('confirms with a permanent password, which signs in while the older one does not', async () => {
    const sub = await makeUser(server, at.poolId, 'ann')
    expect(await set(sub, OTHER, true)).toMatchObject({ $metadata: { httpStatusCode: 200 } })
    expect(await statusOf('ann')).toBe('CONFIRMED')
    await signIn(server, at.clientId, 'ann', OTHER)
    await expectRefusal(begin('ann', PASSWORD), 'NotAuthorizedException', 'Incorrect username or password.')
  })

  it('asks for a new password after a temporary one, which is the default', async () => {
    await makeUser(server, at.poolId, 'temp')
    await set('temp', OTHER)
    expect(await statusOf('temp')).toBe('FORCE_CHANGE_PASSWORD')
    expect(await begin('temp', OTHER)).toMatchObject({ ChallengeName: 'NEW_PASSWORD_REQUIRED' })
  })

  it('leaves UNCONFIRMED, and starts the term of a temporary password anew', async () => {
    await server.app.send(new SignUpCommand({ ClientId: at.clientId, Username: 'signed', Password: PASSWORD }))
    expect(await statusOf('signed')).toBe('UNCONFIRMED')
    await set('signed', OTHER, true)
    await signIn(server, at.clientId, 'signed', OTHER)
    await server.admin.send(
      new AdminCreateUserCommand({ UserPoolId: at.poolId, Username: 'late', TemporaryPassword: PASSWORD }),
    )
    server.clock.advance(8 * 24 * 60 * 60 * 1000)
    await expectRefusal(begin('late', PASSWORD), 'NotAuthorizedException', /expired/)
    await set('late', OTHER, false)
    expect(await begin('late', OTHER)).toMatchObject({ ChallengeName: 'NEW_PASSWORD_REQUIRED' })
  })

  it('leaves tokens alive, disabled users disabled, and sends nothing', async () => {
    await makeUser(server, at.poolId, 'alive', { email: 'alive@example.com', email_verified: 'true' })
    const { AccessToken } = await signIn(server, at.clientId, 'alive')
    const before = (await server.outbox.messages(1000)).length
    await set('alive', OTHER, true)
    expect((await server.app.send(new GetUserCommand({ AccessToken }))).Username).toBe('alive')
    expect(await server.outbox.messages(1000)).toHaveLength(before)
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId: at.poolId, Username: 'alive' }))
    await set('alive', PASSWORD, true)
    await expectRefusal(begin('alive', PASSWORD), 'NotAuthorizedException', 'User is disabled.')
  })

  it('PasswordHistoryPolicyViolationException for the passwords that the pool still counts', async () => {
    const PasswordPolicy = { MinimumLength: 8, PasswordHistorySize: 3 }
    const pool = await makePool(server, { Policies: { PasswordPolicy } })
    await makeUser(server, pool.Id, 'hist')
    const again = (password: string) => set('hist', password, true, pool.Id)
    await again('password-2')
    await again('password-3')
    for (const used of ['password-3', 'password-2', PASSWORD]) {
      await expectRefusal(again(used), 'PasswordHistoryPolicyViolationException', 'Password has previously been used')
    }
    await again('password-4')
    await again(PASSWORD)
    await expectRefusal(again('password-4'), 'PasswordHistoryPolicyViolationException')
  })

  it('loses no password of the history when two are set at once', async () => {
    const PasswordPolicy = { MinimumLength: 8, PasswordHistorySize: 10 }
    const pool = await makePool(server, { Policies: { PasswordPolicy } })
    await makeUser(server, pool.Id, 'both')
    await Promise.all(
      ['password-a', 'password-b', 'password-c'].map((password) => set('both', password, true, pool.Id)),
    )
    for (const used of ['password-a', 'password-b', 'password-c', PASSWORD]) {
      await expectRefusal(set('both', used, true, pool.Id), 'PasswordHistoryPolicyViolationException')
    }
  })

  it('InvalidPasswordException in the words of this operation', async () => {
    await makeUser(server, at.poolId, 'weak')
    const message = 'Password does not conform to policy: Password must have symbol characters'
    await expectRefusal(set('weak', 'Passw0rds', true), 'InvalidPasswordException', message)
    await signIn(server, at.clientId, 'weak')
  })

  it('InvalidParameterException when a preferred username that becomes an alias is taken', async () => {
    const pool = await makePool(server, { AliasAttributes: ['preferred_username'] })
    const client = await makeClient(server, pool.Id)
    await makeUser(server, pool.Id, 'first', { preferred_username: 'boss' })
    await server.app.send(new SignUpCommand({ ClientId: client.ClientId, Username: 'second', Password: PASSWORD }))
    await server.admin.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: pool.Id,
        Username: 'second',
        UserAttributes: [{ Name: 'preferred_username', Value: 'boss' }],
      }),
    )
    const message = 'An account with the given preferred_username already exists.'
    await expectRefusal(set('second', OTHER, true, pool.Id), 'InvalidParameterException', message)
    expect(await statusOf('second', pool.Id)).toBe('UNCONFIRMED')
  })

  it('UserNotFoundException for an unknown user', async () => {
    await expectRefusal(set('nobody', OTHER, true), 'UserNotFoundException', 'User does not exist.')
  })

  it('refuses an unsigned call', async () => {
    await makeUser(server, at.poolId, 'safe')
    const input = { UserPoolId: at.poolId, Username: 'safe', Password: OTHER, Permanent: true }
    const { json } = await server.raw('AdminSetUserPassword', input)
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    await signIn(server, at.clientId, 'safe')
  })
})
