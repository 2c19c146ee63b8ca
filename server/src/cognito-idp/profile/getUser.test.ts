import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminResetUserPasswordCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectRefusal, makeClient, makePool, makeUser, signIn, useTestServer } from '../../../test/harness.ts'

describe('GetUser', () => {
  const server = useTestServer()
  let poolId: string
  let clientId: string

  beforeAll(async () => {
    const Schema = [{ Name: 'color', AttributeDataType: 'String' as const, Mutable: true }]
    poolId = (await makePool(server, { Schema })).Id
    clientId = (await makeClient(server, poolId)).ClientId
  })

  const getUser = (AccessToken: string) => server.app.send(new GetUserCommand({ AccessToken }))
  const attributes = { email: 'ann@example.org', given_name: 'Ann', 'custom:color': 'red' }

  it('shows name and attributes, sub first, and nothing that is not set', async () => {
    const sub = await makeUser(server, poolId, 'ann', attributes)
    const { $metadata: _, ...user } = await getUser((await signIn(server, clientId, 'ann')).AccessToken)
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
    const sub = await makeUser(server, poolId, 'bob', attributes)
    const { ClientId } = await makeClient(server, poolId, { ReadAttributes: ['custom:color', 'email_verified'] })
    const { UserAttributes } = await getUser((await signIn(server, ClientId, 'bob')).AccessToken)
    expect(UserAttributes).toEqual([
      { Name: 'sub', Value: sub },
      { Name: 'custom:color', Value: 'red' },
    ])
  })

  it('refuses what is no access token', async () => {
    await makeUser(server, poolId, 'carol')
    const { IdToken, RefreshToken } = await signIn(server, clientId, 'carol')
    for (const token of [IdToken, RefreshToken, 'nonsense']) {
      await expectRefusal(getUser(token), 'NotAuthorizedException', 'Invalid Access Token')
    }
    expect((await server.raw('GetUser', {})).json).toMatchObject({ __type: 'InvalidParameterException' })
  })

  it('refuses users who are disabled, must reset their password, or are gone', async () => {
    const make = async (Username: string) => {
      await makeUser(server, poolId, Username, { email: `${Username}@example.org`, email_verified: 'true' })
      return { user: { UserPoolId: poolId, Username }, token: (await signIn(server, clientId, Username)).AccessToken }
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
