import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makeUser, PASSWORD, signIn, usePool, useTestServer } from '../../../test/harness.ts'

describe('AdminConfirmSignUp', () => {
  const server = useTestServer()
  const AliasAttributes = ['preferred_username' as const]
  const at = usePool(server, { pool: { AliasAttributes, AutoVerifiedAttributes: ['email'] } })

  const confirm = (Username: string) =>
    server.admin.send(new AdminConfirmSignUpCommand({ UserPoolId: at.poolId, Username }))
  const get = (Username: string) => server.admin.send(new AdminGetUserCommand({ UserPoolId: at.poolId, Username }))
  const signUp = (Username: string) => {
    const UserAttributes = [{ Name: 'email', Value: `${Username}@example.com` }]
    return server.app.send(new SignUpCommand({ ClientId: at.clientId, Username, Password: PASSWORD, UserAttributes }))
  }

  it('lets a signed-up user in, and verifies nothing', async () => {
    await signUp('ann')
    await confirm('ann')
    const { UserStatus, UserAttributes } = await get('ann')
    expect(UserStatus).toBe('CONFIRMED')
    expect(UserAttributes).not.toContainEqual({ Name: 'email_verified', Value: 'true' })
    await signIn(server, at.clientId, 'ann')
  })

  it.each(['CONFIRMED', 'FORCE_CHANGE_PASSWORD'])('NotAuthorizedException for a user who is %s', async (status) => {
    const Username = status.toLowerCase()
    if (status === 'CONFIRMED') await makeUser(server, at.poolId, Username)
    else await server.admin.send(new AdminCreateUserCommand({ UserPoolId: at.poolId, Username }))
    const message = `User cannot be confirmed. Current status is ${status}`
    await expectRefusal(confirm(Username), 'NotAuthorizedException', message)
    expect((await get(Username)).UserStatus).toBe(status)
  })

  it('InvalidParameterException when the preferred username is by now an alias of another', async () => {
    await makeUser(server, at.poolId, 'boss', { preferred_username: 'chief' })
    await signUp('late')
    const UserAttributes = [{ Name: 'preferred_username', Value: 'chief' }]
    await server.admin.send(
      new AdminUpdateUserAttributesCommand({ UserPoolId: at.poolId, Username: 'late', UserAttributes }),
    )
    const message = 'An account with the given preferred_username already exists.'
    await expectRefusal(confirm('late'), 'InvalidParameterException', message)
    expect((await get('late')).UserStatus).toBe('UNCONFIRMED')
  })

  it('UserNotFoundException for an unknown user', async () => {
    await expectRefusal(confirm('nobody'), 'UserNotFoundException', 'User does not exist.')
  })

  it('refuses an unsigned call', async () => {
    await signUp('safe')
    const { json } = await server.raw('AdminConfirmSignUp', { UserPoolId: at.poolId, Username: 'safe' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    expect((await get('safe')).UserStatus).toBe('UNCONFIRMED')
  })
})
