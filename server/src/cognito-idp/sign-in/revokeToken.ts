import { signedOut } from '../../events.ts'
import { operation } from '../operation.ts'
import { endBrowserSignIn } from '../sessions/end-browser-sign-in.ts'
import { openRefreshToken } from '../tokens/refresh-token.ts'
import { refreshTokenExpiry, revokeSignIn } from '../tokens/revocation-store.ts'
import { requireClientSecret } from '../user-pool-clients/check-secret-hash.ts'

/** RevokeToken: ends a refresh token and every token of its sign-in (docs/reference/user-pools.md 12.6; RFC 7009). */
export const revokeToken = operation('RevokeToken', async (context, { input, pool, client, fail }) => {
  requireClientSecret(client, input.ClientSecret, 'UnauthorizedException')
  if (client.settings.EnableTokenRevocation === false)
    throw fail('UnsupportedOperationException', 'Token revocation is not enabled for this client.')
  // ID and access tokens have three segments, refresh tokens five.
  if (input.Token.split('.').length === 3)
    throw fail('UnsupportedTokenTypeException', 'Only refresh tokens can be revoked.')
  const token = openRefreshToken(context.sealer, input.Token)
  if (!token) throw fail('InvalidParameterException', 'Invalid Refresh Token')
  if (token.clientId !== client.clientId || token.userPoolId !== client.userPoolId)
    throw fail('UnauthorizedException', 'The token was issued to another client.')
  const { userPoolId, sub, signIn } = token
  const { originJti, browserSession } = signIn
  const expiry = refreshTokenExpiry(token.expiresAt)
  await revokeSignIn(context.db, { userPoolId, sub, originJti }, expiry)
  // The session of the browser that the user signed in with is revoked like a sign-in (oauth/browser-session.ts).
  if (input.RevokeAssociatedSessions === 'LINKED' && browserSession !== undefined)
    await endBrowserSignIn(context, pool, { userPoolId, sub, originJti: browserSession }, expiry)
  signedOut(context, { pool: userPoolId, sub, from: 'one sign-in', by: 'user' })
  return {}
})
