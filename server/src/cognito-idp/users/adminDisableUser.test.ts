import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makeUser, signIn, usePool, useTestServer } from '../../../test/harness.ts'

describe('AdminDisableUser', () => {
  const server = useTestServer()
  const at = usePool(server)

  const disable = (Username: string) =>
    server.admin.send(new AdminDisableUserCommand({ UserPoolId: at.poolId, Username }))
  const enable = (Username: string) =>
    server.admin.send(new AdminEnableUserCommand({ UserPoolId: at.poolId, Username }))
  const get = (Username: string) => server.admin.send(new AdminGetUserCommand({ UserPoolId: at.poolId, Username }))
  const getUser = (AccessToken: string) => server.app.send(new GetUserCommand({ AccessToken }))

  it('ends sign-in and tokens; enabling brings sign-in back, but no token', async () => {
    const sub = await makeUser(server, at.poolId, 'ann')
    const tokens = await signIn(server, at.clientId, 'ann')
    await disable(sub)
    expect(await get('ann')).toMatchObject({ Enabled: false, UserStatus: 'CONFIRMED' })
    await expectRefusal(signIn(server, at.clientId, 'ann'), 'NotAuthorizedException', 'User is disabled.')
    await expectRefusal(getUser(tokens.AccessToken), 'NotAuthorizedException')
    await enable(sub)
    expect(await get('ann')).toMatchObject({ Enabled: true, UserStatus: 'CONFIRMED' })
    await expectRefusal(getUser(tokens.AccessToken), 'NotAuthorizedException', 'Access Token has been revoked')
    const { RefreshToken } = tokens
    const refresh = new GetTokensFromRefreshTokenCommand({ ClientId: at.clientId, RefreshToken })
    await expectRefusal(server.app.send(refresh), 'NotAuthorizedException')
    const { AccessToken } = await signIn(server, at.clientId, 'ann')
    expect((await getUser(AccessToken)).Username).toBe('ann')
  })

  it('changes nothing when the user is in that state already', async () => {
    await makeUser(server, at.poolId, 'same')
    const { AccessToken } = await signIn(server, at.clientId, 'same')
    await enable('same')
    expect((await getUser(AccessToken)).Username).toBe('same')
    await disable('same')
    const before = await get('same')
    server.clock.advance(60_000)
    await disable('same')
    expect((await get('same')).UserLastModifiedDate).toEqual(before.UserLastModifiedDate)
  })

  it('keeps any status', async () => {
    await server.admin.send(new AdminCreateUserCommand({ UserPoolId: at.poolId, Username: 'forced' }))
    await disable('forced')
    await enable('forced')
    expect((await get('forced')).UserStatus).toBe('FORCE_CHANGE_PASSWORD')
  })

  it('UserNotFoundException for an unknown user', async () => {
    await expectRefusal(disable('nobody'), 'UserNotFoundException', 'User does not exist.')
  })

  it('refuses an unsigned call', async () => {
    await makeUser(server, at.poolId, 'safe')
    const { json } = await server.raw('AdminDisableUser', { UserPoolId: at.poolId, Username: 'safe' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    expect((await get('safe')).Enabled).toBe(true)
  })
})
