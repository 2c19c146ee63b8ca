// Which scopes a request gets. Pure. docs/reference/oauth-and-federation.md 3.4, 10.1.
import type { UserPoolClientSettings } from '../cognito-idp/user-pool-clients/client-store.ts'
import { OAuthError } from './oauth-error.ts'

/** Scopes that say which claims an ID token has, and so need one. */
const OF_ID_TOKEN = ['email', 'phone', 'profile']

/**
 * The scopes of a request for a user's tokens; all of the client where it names none. Throws OAuthError `invalid_scope` for
 * a scope that the client does not have, and for those of the ID token without `openid`.
 */
export function requestedScopes(
  scope: string | undefined,
  client: Pick<UserPoolClientSettings, 'AllowedOAuthScopes'>,
): readonly string[] {
  const allowed = client.AllowedOAuthScopes ?? []
  const asked = [...new Set((scope ?? '').split(' ').filter((one) => one !== ''))]
  if (asked.length === 0) return allowed
  const foreign = asked.find((one) => !allowed.includes(one))
  if (foreign !== undefined) throw new OAuthError('invalid_scope', 'the client does not have a scope that is named')
  if (!asked.includes('openid') && asked.some((one) => OF_ID_TOKEN.includes(one)))
    throw new OAuthError('invalid_scope', 'email, phone and profile need openid')
  return asked
}
