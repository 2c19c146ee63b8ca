// The grant authorization_code (RFC 6749 4.1.3, RFC 7636 4.5). Statements: the code, its redemption, the user with the
// revocation, the user's groups. Two signatures, one without `openid`.
import type { Parameters } from '../../../http/forms.ts'
import { type CodeGrant, takeCode } from '../../codes/authorization-code.ts'
import { OAuthError } from '../../oauth-error.ts'
import type { Grant } from '../grant.ts'
import { requireOwnResource } from '../own-resource.ts'
import { provesVerifier } from '../pkce.ts'
import { tokensOfSignIn } from '../sign-in-tokens.ts'

export const authorizationCode: Grant = {
  allowedFor: ({ client }) => client.settings.AllowedOAuthFlows?.includes('code') === true,
  give: async (context, place, { form }, key) => {
    const code = form.get('code')
    if (code === undefined) throw new OAuthError('invalid_request', 'code is missing')
    const grant = await takeCode(context, place.client, code, (found) => check(found, form, key))
    if (!grant) throw new OAuthError('invalid_grant')
    // Only a second use of the code can have revoked this sign-in yet; the first one is answered all the same, with tokens
    // that are good for nothing.
    return tokensOfSignIn(context, place, grant, key)
  },
}

/** Only the application that asked has the redirect URI, the verifier and the key of its request. Throws OAuthError. */
function check(
  { redirectUri, codeChallenge, dpopJkt, signIn }: CodeGrant,
  form: Parameters,
  key: string | undefined,
): void {
  if (form.get('redirect_uri') !== redirectUri) throw new OAuthError('unauthorized_client', 'invalid_redirect')
  if (!provesVerifier(codeChallenge, form.get('code_verifier'))) throw new OAuthError('invalid_grant')
  // RFC 9449 10.
  if (dpopJkt !== undefined && dpopJkt !== key) throw new OAuthError('invalid_grant')
  requireOwnResource(form, signIn)
}
