import {
  AdminResetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import {
  ALL_FLOWS,
  claimsOf,
  engines,
  expectRefusal,
  makeClient,
  makeUser,
  PASSWORD,
  signIn,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'
import { computeSecretHash } from '../../crypto/secret-hash.ts'

const REUSED = 'Refresh token has been invalidated by rotation'

describe.each(engines)('GetTokensFromRefreshToken on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { users: ['ann'] })

  const redeem = async (RefreshToken: string, ClientId: string, ClientSecret?: string) =>
    (await server.app.send(new GetTokensFromRefreshTokenCommand({ RefreshToken, ClientId, ClientSecret })))
      .AuthenticationResult
  const rotating = async (RetryGracePeriodSeconds: number): Promise<string> =>
    (
      await makeClient(server, at.poolId, {
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
        RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds },
      })
    ).ClientId

  it('refreshes without rotation, as Amplify does, and gives no new refresh token', async () => {
    const { ClientId } = await makeClient(server, at.poolId)
    const first = await signIn(server, ClientId, 'ann')
    const again = await redeem(first.RefreshToken, ClientId)
    expect(again).toMatchObject({ ExpiresIn: 3600, TokenType: 'Bearer' })
    expect(again?.RefreshToken).toBeUndefined()
    expect(claimsOf(again?.AccessToken as string).origin_jti).toBe(claimsOf(first.AccessToken).origin_jti)
  })

  it('rotates: the new token works, the old one ends the sign-in', async () => {
    const clientId = await rotating(0)
    const first = await signIn(server, clientId, 'ann')
    const second = await redeem(first.RefreshToken, clientId)
    const third = await redeem(second?.RefreshToken as string, clientId)
    expect(new Set([first.RefreshToken, second?.RefreshToken, third?.RefreshToken]).size).toBe(3)
    await expectRefusal(redeem(first.RefreshToken, clientId), 'RefreshTokenReuseException', REUSED)
    await expectRefusal(
      redeem(third?.RefreshToken as string, clientId),
      'NotAuthorizedException',
      'Refresh Token has been revoked',
    )
    await expectRefusal(
      server.app.send(new GetUserCommand({ AccessToken: third?.AccessToken })),
      'NotAuthorizedException',
      'Access Token has been revoked',
    )
  })

  it('takes the old token during the grace period only', async () => {
    const clientId = await rotating(10)
    const first = await signIn(server, clientId, 'ann')
    const second = await redeem(first.RefreshToken, clientId)
    const retried = await redeem(first.RefreshToken, clientId)
    const third = await redeem(retried?.RefreshToken as string, clientId)
    // The retry handed out the same generation: one live descendant.
    expect(await redeem(second?.RefreshToken as string, clientId)).toBeDefined()
    server.clock.advance(10_000)
    await expectRefusal(redeem(second?.RefreshToken as string, clientId), 'RefreshTokenReuseException', REUSED)
    await expectRefusal(
      redeem(third?.RefreshToken as string, clientId),
      'NotAuthorizedException',
      'Refresh Token has been revoked',
    )
  })

  it('keeps the lifetime of the first token', async () => {
    const { ClientId } = await makeClient(server, at.poolId, {
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
      RefreshTokenValidity: 60,
      AccessTokenValidity: 5,
      IdTokenValidity: 5,
      TokenValidityUnits: { RefreshToken: 'minutes', AccessToken: 'minutes', IdToken: 'minutes' },
    })
    const first = await signIn(server, ClientId, 'ann')
    server.clock.advance(50 * 60_000)
    const second = await redeem(first.RefreshToken, ClientId)
    server.clock.advance(10 * 60_000 + 1)
    await expectRefusal(
      redeem(second?.RefreshToken as string, ClientId),
      'NotAuthorizedException',
      'Refresh Token has expired',
    )
  })

  it('lets one of many concurrent requests rotate, and gives the others the same generation within the grace period', async () => {
    const clientId = await rotating(60)
    const { RefreshToken } = await signIn(server, clientId, 'ann')
    const all = await Promise.all(Array.from({ length: 20 }, () => redeem(RefreshToken, clientId)))
    for (const tokens of all) expect(tokens?.RefreshToken).toBeDefined()
    const next = await redeem(all[7]?.RefreshToken as string, clientId)
    expect(await redeem(next?.RefreshToken as string, clientId)).toBeDefined()
    server.clock.advance(60_000)
    await expectRefusal(redeem(all[3]?.RefreshToken as string, clientId), 'RefreshTokenReuseException', REUSED)
  })

  it('keeps replaced tokens invalid after the client disables rotation, also for REFRESH_TOKEN_AUTH', async () => {
    const clientId = await rotating(0)
    const first = await signIn(server, clientId, 'ann')
    const second = await redeem(first.RefreshToken, clientId)
    await server.admin.send(
      new UpdateUserPoolClientCommand({ UserPoolId: at.poolId, ClientId: clientId, ExplicitAuthFlows: ALL_FLOWS }),
    )
    const refresh = (REFRESH_TOKEN: string) =>
      server.app.send(
        new InitiateAuthCommand({
          AuthFlow: 'REFRESH_TOKEN_AUTH',
          ClientId: clientId,
          AuthParameters: { REFRESH_TOKEN },
        }),
      )
    for (const call of [(token: string) => redeem(token, clientId), refresh])
      await expectRefusal(call(first.RefreshToken), 'NotAuthorizedException', 'Refresh Token has been revoked')
    expect((await refresh(second?.RefreshToken as string)).AuthenticationResult).toBeDefined()
  })

  it('gives nothing to a user who must reset the password', async () => {
    const { ClientId } = await makeClient(server, at.poolId)
    const name = `resets-${engine}`
    await makeUser(server, at.poolId, name, { email: `${name}@example.com`, email_verified: 'true' })
    const { RefreshToken } = await signIn(server, ClientId, name)
    await server.admin.send(new AdminResetUserPasswordCommand({ UserPoolId: at.poolId, Username: name }))
    await expectRefusal(
      redeem(RefreshToken, ClientId),
      'NotAuthorizedException',
      'Password reset required for the user',
    )
  })

  it('refuses what is invented, foreign, revoked or signed out', async () => {
    const { ClientId } = await makeClient(server, at.poolId)
    const other = await makeClient(server, at.poolId)
    await makeUser(server, at.poolId, `out-${engine}`)
    const { RefreshToken, AccessToken } = await signIn(server, ClientId, `out-${engine}`)
    for (const wrong of ['invented', AccessToken, `${RefreshToken}A`])
      await expectRefusal(redeem(wrong, ClientId), 'NotAuthorizedException', 'Invalid Refresh Token')
    await expectRefusal(redeem(RefreshToken, other.ClientId), 'NotAuthorizedException', 'Invalid Refresh Token')
    await server.admin.send(new AdminUserGlobalSignOutCommand({ UserPoolId: at.poolId, Username: `out-${engine}` }))
    await expectRefusal(redeem(RefreshToken, ClientId), 'NotAuthorizedException', 'Refresh Token has been revoked')
  })

  it('needs the secret of a client that has one', async () => {
    const { ClientId, ClientSecret = '' } = await makeClient(server, at.poolId, { GenerateSecret: true })
    const { raw } = server
    const signedIn = await raw('InitiateAuth', {
      ClientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ann', PASSWORD, SECRET_HASH: computeSecretHash(ClientSecret, 'ann', ClientId) },
    })
    const { RefreshToken } = signedIn.json.AuthenticationResult as { RefreshToken: string }
    expect(await redeem(RefreshToken, ClientId, ClientSecret)).toBeDefined()
    for (const wrong of [undefined, 'w'.repeat(51)])
      await expectRefusal(
        redeem(RefreshToken, ClientId, wrong),
        'NotAuthorizedException',
        `Unable to verify secret for client ${ClientId}`,
      )
  })

  it('refuses a client that allows no refresh', async () => {
    const { ClientId } = await makeClient(server, at.poolId, { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] })
    const { RefreshToken } = await signIn(server, ClientId, 'ann')
    await expectRefusal(
      redeem(RefreshToken, ClientId),
      'InvalidParameterException',
      'REFRESH_TOKEN_AUTH flow not enabled for this client',
    )
  })
})
