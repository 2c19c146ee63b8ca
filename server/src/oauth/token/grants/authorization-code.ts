// The grant authorization_code (RFC 6749 4.1.3, RFC 7636 4.5). Statements: the code, its redemption, the user with the
// revocation, the user's groups. Two signatures, one without `openid`.
import { groupsOfUser } from '../../../cognito-idp/groups/group-store.ts'
import { issueSignInTokens } from '../../../cognito-idp/tokens/issue.ts'
import { userOfSignIn } from '../../../cognito-idp/tokens/user-pool-token.ts'
import type { Parameters } from '../../../http/forms.ts'
import { type CodeGrant, takeCode } from '../../codes/authorization-code.ts'
import { OAuthError } from '../../oauth-error.ts'
import type { Grant } from '../grant.ts'
import { provesVerifier } from '../pkce.ts'

export const authorizationCode: Grant = {
  allowedFor: ({ AllowedOAuthFlows }) => AllowedOAuthFlows?.includes('code') === true,
  give: async (context, { pool, client }, { form }) => {
    const code = form.get('code')
    if (code === undefined) throw new OAuthError('invalid_request', 'code is missing')
    const grant = await takeCode(context, client, code, (found) => check(found, form))
    if (!grant) throw new OAuthError('invalid_grant')
    const { sub, signIn, source, nonce } = grant
    // Only a second use of the code can have revoked this sign-in yet; the first one is answered all the same, with tokens
    // that are good for nothing.
    const found = await userOfSignIn(context, pool.id, { sub, event_id: signIn.eventId })
    if ('ended' in found) throw new OAuthError('invalid_grant')
    const groups = await groupsOfUser(context.db, pool.id, sub)
    const subject = { pool, client, user: found.user, groups }
    return issueSignInTokens(context, subject, signIn, source, { source: 'TokenGeneration_HostedAuth', nonce })
  },
}

/** Only the application that asked has the redirect URI and the verifier of its request. Throws OAuthError. */
function check({ redirectUri, codeChallenge, signIn }: CodeGrant, form: Parameters): void {
  if (form.get('redirect_uri') !== redirectUri) throw new OAuthError('unauthorized_client', 'invalid_redirect')
  if (!provesVerifier(codeChallenge, form.get('code_verifier'))) throw new OAuthError('invalid_grant')
  const resource = form.get('resource')
  if (resource !== undefined && resource !== signIn.audience) throw new OAuthError('invalid_target')
}
