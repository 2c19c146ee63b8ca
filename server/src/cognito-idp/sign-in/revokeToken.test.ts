import { GetUserCommand, InitiateAuthCommand, RevokeTokenCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import {
  claimsOf,
  engines,
  expectRefusal,
  makeClient,
  PASSWORD,
  signIn,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'
import { computeSecretHash } from '../../crypto/secret-hash.ts'

describe.each(engines)('RevokeToken on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { users: ['ann'] })

  const revoke = (Token: string, ClientId = at.clientId, ClientSecret?: string) =>
    server.app.send(new RevokeTokenCommand({ Token, ClientId, ClientSecret }))
  const refresh = (REFRESH_TOKEN: string) =>
    server.app.send(
      new InitiateAuthCommand({
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        ClientId: at.clientId,
        AuthParameters: { REFRESH_TOKEN },
      }),
    )
  const getUser = (AccessToken: string) => server.app.send(new GetUserCommand({ AccessToken }))

  it('ends every token of the sign-in at once, also those of its refreshes, and no other sign-in', async () => {
    const [one, other] = [await signIn(server, at.clientId, 'ann'), await signIn(server, at.clientId, 'ann')]
    const refreshed = (await refresh(one.RefreshToken)).AuthenticationResult?.AccessToken as string
    await revoke(one.RefreshToken)
    await expectRefusal(refresh(one.RefreshToken), 'NotAuthorizedException', 'Refresh Token has been revoked')
    for (const token of [one.AccessToken, refreshed])
      await expectRefusal(getUser(token), 'NotAuthorizedException', 'Access Token has been revoked')
    expect((await getUser(other.AccessToken)).Username).toBe('ann')
    expect((await refresh(other.RefreshToken)).AuthenticationResult).toBeDefined()
  })

  it('may be repeated', async () => {
    const { RefreshToken } = await signIn(server, at.clientId, 'ann')
    await revoke(RefreshToken)
    await revoke(RefreshToken)
  })

  it('takes refresh tokens only', async () => {
    const { AccessToken, IdToken } = await signIn(server, at.clientId, 'ann')
    for (const token of [AccessToken, IdToken])
      await expectRefusal(revoke(token), 'UnsupportedTokenTypeException', 'Only refresh tokens can be revoked.')
    await expectRefusal(revoke('invented'), 'InvalidParameterException', 'Invalid Refresh Token')
  })

  it('takes no token of another client', async () => {
    const other = await makeClient(server, at.poolId)
    const { RefreshToken } = await signIn(server, other.ClientId, 'ann')
    await expectRefusal(revoke(RefreshToken), 'UnauthorizedException', 'The token was issued to another client.')
    await expectRefusal(revoke(RefreshToken, 'nosuchclient'), 'UnauthorizedException')
  })

  it('needs the secret of a client that has one', async () => {
    const { ClientId, ClientSecret = '' } = await makeClient(server, at.poolId, { GenerateSecret: true })
    const { AuthenticationResult } = await server.app.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId,
        AuthParameters: { USERNAME: 'ann', PASSWORD, SECRET_HASH: computeSecretHash(ClientSecret, 'ann', ClientId) },
      }),
    )
    const token = AuthenticationResult?.RefreshToken as string
    for (const wrong of [undefined, 'w'.repeat(51)])
      await expectRefusal(revoke(token, ClientId, wrong), 'UnauthorizedException')
    await revoke(token, ClientId, ClientSecret)
    await expectRefusal(
      revoke((await signIn(server, at.clientId, 'ann')).RefreshToken, at.clientId, 'w'.repeat(51)),
      'UnauthorizedException',
    )
  })

  it('is off where the client turned revocation off, and its tokens hold no ids to revoke', async () => {
    const { ClientId } = await makeClient(server, at.poolId, { EnableTokenRevocation: false })
    const { RefreshToken, AccessToken, IdToken } = await signIn(server, ClientId, 'ann')
    await expectRefusal(
      revoke(RefreshToken, ClientId),
      'UnsupportedOperationException',
      'Token revocation is not enabled for this client.',
    )
    for (const token of [AccessToken, IdToken]) {
      expect(claimsOf(token)).not.toHaveProperty('origin_jti')
      expect(claimsOf(token)).not.toHaveProperty('jti')
    }
    expect((await getUser(AccessToken)).Username).toBe('ann')
  })
})
