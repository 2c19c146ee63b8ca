// Answers an authorization request whose user is signed in: a code, or tokens (the implicit grant).
// docs/reference/oauth-and-federation.md 3.6; RFC 6749 4.1.2, 4.2.2; RFC 9207.
import { groupsOfUser } from '../../cognito-idp/groups/group-store.ts'
import { activeScopes } from '../../cognito-idp/resource-servers/custom-scopes.ts'
import type { RequestSource } from '../../cognito-idp/sessions/request-source.ts'
import { amrOf, levelOf } from '../../cognito-idp/sign-in/assurance-rules.ts'
import type { SignIn } from '../../cognito-idp/tokens/claims.ts'
import { issueTokens, newSignIn } from '../../cognito-idp/tokens/issue.ts'
import { acrOf } from '../../cognito-idp/user-pools/acr-rules.ts'
import type { UserPoolSettings } from '../../cognito-idp/user-pools/pool-settings.ts'
import type { StoredUser } from '../../cognito-idp/users/user-store.ts'
import type { Context } from '../../context.ts'
import { issuerOf } from '../../signing/issuer-rules.ts'
import { noteSessionApp } from '../backchannel/note-session-app.ts'
import type { BrowserSession } from '../browser-session.ts'
import { makeCode } from '../codes/authorization-code.ts'
import { allowDevice } from '../device/device-grant.ts'
import { askConsent, consentedAt, hasConsented, needsConsent } from './consent.ts'
import type { AuthorizationRequest } from './read-request.ts'
import { answerApp, redirect } from './redirect.ts'

export interface Authorized {
  readonly session: BrowserSession
  readonly user: StoredUser
}

/** Claims acr and amr. Of who came from an identity provider it is known what the provider says, or that they did. */
const assuranceOf = (pool: UserPoolSettings, session: BrowserSession): Pick<SignIn, 'acr' | 'amr'> =>
  session.provider === 'COGNITO'
    ? { acr: acrOf(pool, levelOf(session)), amr: amrOf(session) }
    : { acr: acrOf(pool, session.assurance?.level ?? 1), amr: session.assurance?.amr ?? ['fed'] }

/**
 * The answer to the application, or first the page that asks the user whether it may have what it asks for; the page of the
 * pool itself that the user signs in for. Throws OAuthError, and as callTrigger does.
 */
export const answerAuthorization = async (
  context: Context,
  asked: AuthorizationRequest,
  authorized: Authorized,
  source: RequestSource,
): Promise<Response> => {
  const { ownPage, page, client } = asked
  // By the path, so that the browser stays on the host where its cookies are.
  if (ownPage) return redirect(`${page.path}${ownPage}?${new URLSearchParams({ client_id: client.clientId })}`, 303)
  return needsConsent(asked) && !(await hasConsented(context, asked, authorized.user))
    ? askConsent(context, asked, authorized.session)
    : answerAllowed(context, asked, authorized, source)
}

/** The answer to an application that needs no consent or has it. Throws as callTrigger does. */
export async function answerAllowed(
  context: Context,
  asked: AuthorizationRequest,
  { session, user }: Authorized,
  source: RequestSource,
): Promise<Response> {
  const { pool, client, nonce, resource, redirectUri, codeChallenge, dpopJkt } = asked
  const active = await activeScopes(context, client)
  const signIn = newSignIn(context, user, {
    authTime: session.authTime,
    scopes: asked.scopes.filter((scope) => active.includes(scope)),
    browserSession: session.id,
    ...assuranceOf(pool.settings, session),
    ...(resource !== undefined && { audience: resource }),
    ...(client.settings.ClientType === 'DCR' && { consentedAt: await consentedAt(context, asked, user) }),
  })
  await noteSessionApp(context, { pool, client }, user, session.id)
  if (asked.device) {
    await allowDevice(context, pool.id, asked.device, { sub: user.sub, signIn })
    return redirect(redirectUri, 303)
  }
  const iss = issuerOf(context.publicUrl, pool)
  if (asked.responseType === 'code') {
    const { clientId } = client
    const grant = { clientId, redirectUri, codeChallenge, dpopJkt, nonce, sub: user.sub, signIn, source }
    return answerApp(asked, { code: await makeCode(context, pool.id, grant), iss }, asked.responseMode)
  }
  const groups = await groupsOfUser(context.db, pool.id, user.sub)
  const occasion = { source: 'TokenGeneration_HostedAuth', nonce } as const
  const tokens = await issueTokens(context, { pool, client, user, groups }, signIn, occasion)
  const given = {
    id_token: tokens.IdToken,
    access_token: tokens.AccessToken,
    token_type: tokens.TokenType,
    expires_in: String(tokens.ExpiresIn),
    iss,
  }
  return answerApp(asked, given, asked.responseMode)
}
