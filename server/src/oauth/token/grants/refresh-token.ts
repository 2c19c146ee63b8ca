// The grant refresh_token (RFC 6749 6). Statements as GetTokensFromRefreshToken; two signatures.
import { renewTokens } from '../../../cognito-idp/sign-in/renew-tokens.ts'
import { type SignIn, scopesOf } from '../../../cognito-idp/tokens/claims.ts'
import { ApiError } from '../../../errors.ts'
import { OAuthError } from '../../oauth-error.ts'
import type { Grant } from '../grant.ts'
import { requireOwnResource } from '../own-resource.ts'

/** What a refresh token that is not good any more is refused with by the API. */
const REFUSALS: readonly string[] = ['NotAuthorizedException', 'RefreshTokenReuseException']

export const refreshToken: Grant = {
  // A client that gets users' tokens by one of these may have a refresh token, also from the API.
  allowedFor: ({ client }) => client.settings.AllowedOAuthFlows?.some((flow) => flow !== 'client_credentials') === true,
  give: async (context, place, { form, source }, jkt) => {
    const token = form.get('refresh_token')
    if (token === undefined) throw new OAuthError('invalid_request', 'refresh_token is missing')
    const scope = form.get('scope')
    try {
      const narrow = (signIn: SignIn): SignIn => {
        requireOwnResource(form, signIn)
        return scope === undefined ? signIn : withScopes(signIn, scope.split(' '))
      }
      return await renewTokens(context, place, { refreshToken: token, source, narrow, jkt })
    } catch (error) {
      if (error instanceof ApiError && REFUSALS.includes(error.name)) throw new OAuthError('invalid_grant')
      throw error
    }
  },
}

/** A refresh may ask for less than the user has granted, and for nothing more. */
function withScopes(signIn: SignIn, asked: readonly string[]): SignIn {
  const granted = scopesOf(signIn)
  if (!asked.every((scope) => granted.includes(scope))) throw new OAuthError('invalid_scope')
  return { ...signIn, scopes: granted.filter((scope) => asked.includes(scope)) }
}
