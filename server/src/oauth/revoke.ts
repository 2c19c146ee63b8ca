// POST /oauth2/revoke: ends a refresh token with every token of its sign-in (RFC 7009).
// docs/reference/oauth-and-federation.md 7.
import { openRefreshToken } from '../cognito-idp/tokens/refresh-token.ts'
import { refreshTokenExpiry, revokeSignIn } from '../cognito-idp/tokens/revocation-store.ts'
import { signedOut } from '../events.ts'
import { forApplications } from './answers.ts'
import { authenticateClientOr401 } from './client-authentication.ts'
import { OAuthError } from './oauth-error.ts'

export const revoke = forApplications({
  category: 'UserToken',
  answer: async (context, request) => {
    const { form } = request
    if (form.repeated() !== undefined) throw new OAuthError('invalid_request', 'a parameter is repeated')
    const { client } = await authenticateClientOr401(context, request)
    const text = form.get('token')
    if (text === undefined) throw new OAuthError('invalid_request', 'token is missing')
    if (client.settings.EnableTokenRevocation === false)
      throw new OAuthError('invalid_request', 'token revocation is not enabled for the client')
    // ID and access tokens have three segments, refresh tokens five.
    if (text.split('.').length === 3) throw new OAuthError('unsupported_token_type')
    const token = openRefreshToken(context.sealer, text)
    // A token that is none needs no revocation (RFC 7009 2.2); somebody else's is not revoked, and nothing is told of it.
    if (token?.clientId === client.clientId && token.userPoolId === client.userPoolId) {
      const { userPoolId, sub, signIn, expiresAt } = token
      const key = { userPoolId, sub, originJti: signIn.originJti }
      await revokeSignIn(context.db, key, refreshTokenExpiry(expiresAt))
      signedOut(context, { pool: userPoolId, sub, from: 'one sign-in', by: 'user' })
    }
    return new Response(null, { status: 200 })
  },
})
