// The tokens of a user who signed in on the pages, for the grants that end such a sign-in.
import { hasStandingConsent } from '../../cognito-idp/consents/standing-consent.ts'
import { groupsOfUser } from '../../cognito-idp/groups/group-store.ts'
import type { RequestSource } from '../../cognito-idp/sessions/request-source.ts'
import type { Place } from '../../cognito-idp/sign-in/sign-in.ts'
import type { SignIn } from '../../cognito-idp/tokens/claims.ts'
import { issueSignInTokens } from '../../cognito-idp/tokens/issue.ts'
import { userOfSignIn } from '../../cognito-idp/tokens/user-pool-token.ts'
import type { Context } from '../../context.ts'
import { OAuthError } from '../oauth-error.ts'
import type { TokenAnswer } from './grant.ts'

export interface GrantedSignIn {
  readonly sub: string
  readonly signIn: SignIn
  /** Where the user signed in, for the list of sessions. */
  readonly source: RequestSource
  readonly nonce?: string | undefined
}

/**
 * `key`: the thumbprint of the key that they are bound to. Statements: the user with the revocation, the user's groups. Two
 * signatures, one without `openid`. Throws OAuthError `invalid_grant` where the sign-in has ended or the user has taken the
 * consent back, and as callTrigger does.
 */
export async function tokensOfSignIn(
  context: Context,
  { pool, client }: Place,
  { sub, signIn, source, nonce }: GrantedSignIn,
  key: string | undefined,
): Promise<TokenAnswer> {
  // Whoever ended the session of the browser wants nothing more to come of it: codes that wait would be sessions of their own.
  const { eventId, browserSession } = signIn
  const of = { sub, event_id: eventId, ...(browserSession !== undefined && { origin_jti: browserSession }) }
  const found = await userOfSignIn(context, pool.id, of)
  if ('ended' in found) throw new OAuthError('invalid_grant')
  if (!(await hasStandingConsent(context, { pool, client }, sub, signIn))) throw new OAuthError('invalid_grant')
  const groups = await groupsOfUser(context.db, pool.id, sub)
  const subject = { pool, client, user: found.user, groups }
  const bound = key === undefined ? signIn : { ...signIn, jkt: key }
  return issueSignInTokens(context, subject, bound, source, { source: 'TokenGeneration_HostedAuth', nonce })
}
