import {
  AdminUserGlobalSignOutCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectRefusal, makeClient, makePool, makeUser, signIn, useTestServer } from '../../../test/harness.ts'

describe('AdminUserGlobalSignOut', () => {
  const server = useTestServer()
  let poolId: string
  let clientId: string

  beforeAll(async () => {
    poolId = (await makePool(server)).Id
    clientId = (await makeClient(server, poolId)).ClientId
  })

  const signOut = (Username: string) =>
    server.admin.send(new AdminUserGlobalSignOutCommand({ UserPoolId: poolId, Username }))
  const getUser = (AccessToken: string) => server.app.send(new GetUserCommand({ AccessToken }))

  it('ends the tokens of every sign-in on every client, and of nobody else', async () => {
    const sub = await makeUser(server, poolId, 'ann')
    await makeUser(server, poolId, 'bob')
    const other = await makeClient(server, poolId)
    const tokens = [await signIn(server, clientId, 'ann'), await signIn(server, other.ClientId, 'ann')]
    const bob = await signIn(server, clientId, 'bob')
    await signOut(sub)
    for (const { AccessToken } of tokens) {
      await expectRefusal(getUser(AccessToken), 'NotAuthorizedException', 'Access Token has been revoked')
    }
    const { RefreshToken } = tokens[0] as { RefreshToken: string }
    const refresh = new GetTokensFromRefreshTokenCommand({ ClientId: clientId, RefreshToken })
    await expectRefusal(server.app.send(refresh), 'NotAuthorizedException')
    expect((await getUser(bob.AccessToken)).Username).toBe('bob')
    const { AccessToken } = await signIn(server, clientId, 'ann')
    expect((await getUser(AccessToken)).Username).toBe('ann')
  })

  it('UserNotFoundException for nobody', async () => {
    await expectRefusal(signOut('nobody'), 'UserNotFoundException', 'User does not exist.')
  })

  it('refuses an unsigned call', async () => {
    await makeUser(server, poolId, 'safe')
    const { AccessToken } = await signIn(server, clientId, 'safe')
    const { json } = await server.raw('AdminUserGlobalSignOut', { UserPoolId: poolId, Username: 'safe' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    await getUser(AccessToken)
  })
})
