import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminResetUserPasswordCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makeClient, makeUser, signIn, usePool, useTestServer } from '../../../test/harness.ts'

describe('GetUser', () => {
  const server = useTestServer()
  const Schema = [{ Name: 'color', AttributeDataType: 'String' as const, Mutable: true }]
  const at = usePool(server, { pool: { Schema } })

  const getUser = (AccessToken: string) => server.app.send(new GetUserCommand({ AccessToken }))
  const attributes = { email: 'ann@example.org', given_name: 'Ann', 'custom:color': 'red' }

  it('shows name and attributes, sub first, and nothing that is not set', async () => {
    const sub = await makeUser(server, at.poolId, 'ann', attributes)
    const { $metadata: _, ...user } = await getUser((await signIn(server, at.clientId, 'ann')).AccessToken)
    expect(user).toEqual({
      Username: 'ann',
      UserAttributes: [
        { Name: 'sub', Value: sub },
        { Name: 'email', Value: 'ann@example.org' },
        { Name: 'given_name', Value: 'Ann' },
      ],
    })
  })

  it('shows what the client may read, the sub in any case', async () => {
    const sub = await makeUser(server, at.poolId, 'bob', attributes)
    const { ClientId } = await makeClient(server, at.poolId, { ReadAttributes: ['custom:color', 'email_verified'] })
    const { UserAttributes } = await getUser((await signIn(server, ClientId, 'bob')).AccessToken)
    expect(UserAttributes).toEqual([
      { Name: 'sub', Value: sub },
      { Name: 'custom:color', Value: 'red' },
    ])
  })

  it('refuses what is no access token', async () => {
    await makeUser(server, at.poolId, 'carol')
    const { IdToken, RefreshToken } = await signIn(server, at.clientId, 'carol')
    for (const token of [IdToken, RefreshToken, 'nonsense']) {
      await expectRefusal(getUser(token), 'NotAuthorizedException', 'Invalid Access Token')
    }
    expect((await server.raw('GetUser', {})).json).toMatchObject({ __type: 'InvalidParameterException' })
  })

  it('refuses users who are disabled, must reset their password, or are deleted', async () => {
    const make = async (Username: string) => {
      await makeUser(server, at.poolId, Username, { email: `${Username}@example.org`, email_verified: 'true' })
      return {
        user: { UserPoolId: at.poolId, Username },
        token: (await signIn(server, at.clientId, Username)).AccessToken,
      }
    }
    const disabled = await make('disabled')
    await server.admin.send(new AdminDisableUserCommand(disabled.user))
    await expectRefusal(getUser(disabled.token), 'NotAuthorizedException', 'User is disabled.')
    const reset = await make('reset')
    await server.admin.send(new AdminResetUserPasswordCommand(reset.user))
    await expectRefusal(getUser(reset.token), 'PasswordResetRequiredException', 'Password reset required for the user')
    const gone = await make('gone')
    await server.admin.send(new AdminDeleteUserCommand(gone.user))
    await expectRefusal(getUser(gone.token), 'UserNotFoundException', 'User does not exist.')
  })
})
