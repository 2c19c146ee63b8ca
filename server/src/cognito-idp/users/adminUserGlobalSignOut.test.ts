import {
  AdminUserGlobalSignOutCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makeClient, makeUser, signIn, usePool, useTestServer } from '../../../test/harness.ts'

describe('AdminUserGlobalSignOut', () => {
  const server = useTestServer()
  const at = usePool(server)

  const signOut = (Username: string) =>
    server.admin.send(new AdminUserGlobalSignOutCommand({ UserPoolId: at.poolId, Username }))
  const getUser = (AccessToken: string) => server.app.send(new GetUserCommand({ AccessToken }))

  it('ends the tokens of every sign-in on every client, and of nobody else', async () => {
    const sub = await makeUser(server, at.poolId, 'ann')
    await makeUser(server, at.poolId, 'bob')
    const other = await makeClient(server, at.poolId)
    const tokens = [await signIn(server, at.clientId, 'ann'), await signIn(server, other.ClientId, 'ann')]
    const bob = await signIn(server, at.clientId, 'bob')
    await signOut(sub)
    for (const { AccessToken } of tokens) {
      await expectRefusal(getUser(AccessToken), 'NotAuthorizedException', 'Access Token has been revoked')
    }
    const { RefreshToken } = tokens[0] as { RefreshToken: string }
    const refresh = new GetTokensFromRefreshTokenCommand({ ClientId: at.clientId, RefreshToken })
    await expectRefusal(server.app.send(refresh), 'NotAuthorizedException')
    expect((await getUser(bob.AccessToken)).Username).toBe('bob')
    const { AccessToken } = await signIn(server, at.clientId, 'ann')
    expect((await getUser(AccessToken)).Username).toBe('ann')
  })

  it('UserNotFoundException for an unknown user', async () => {
    await expectRefusal(signOut('nobody'), 'UserNotFoundException', 'User does not exist.')
  })

  it('refuses an unsigned call', async () => {
    await makeUser(server, at.poolId, 'safe')
    const { AccessToken } = await signIn(server, at.clientId, 'safe')
    const { json } = await server.raw('AdminUserGlobalSignOut', { UserPoolId: at.poolId, Username: 'safe' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    await getUser(AccessToken)
  })
})
