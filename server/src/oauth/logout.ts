// GET /logout: ends the browser's session and redirects, by way of the SAML provider that wants to know, to a logout URL of
// the client or back to the sign-in page (docs/reference/oauth-and-federation.md 8). Beside Cognito's parameters it takes
// those of OpenID Connect RP-Initiated Logout 1.0 (docs/behaviour/oauth.md).
import type { Context } from '../context.ts'
import { errorPage } from './authorize/authorize.ts'
import { redirect } from './authorize/redirect.ts'
import { findPlace, findTarget } from './authorize/target.ts'
import { endBrowserSession, noSessionCookie } from './browser-session.ts'
import type { Endpoint, PoolRequest } from './endpoint.ts'
import { type HintedUser, readIdTokenHint } from './id-token-hint.ts'
import { Unredirectable } from './oauth-error.ts'
import { samlLogoutUrl } from './saml/logout-at-provider.ts'

/** The pages of login-pages/sign-out.tsx. */
export const SIGN_OUT_PAGE = '/signout'
export const SIGNED_OUT_PAGE = '/signedout'

export const logout: Endpoint = {
  answer: async (context, request) => {
    try {
      const { query, path } = request
      // Nobody says who wants it: the user is asked, as any page of the web can send a browser here.
      if (!NAMES.some((name) => query.get(name) !== undefined)) return redirect(`${path}${SIGN_OUT_PAGE}`)
      const hinted = await hintedUser(context, request)
      const location = await destination(context, request, hinted)
      const ended = await endBrowserSession(context, request, hinted?.sub)
      if (ended === 'of another user') return redirect(location)
      const { session } = ended
      const logoutAtProvider = session && (await samlLogoutUrl(context, request, session, location))
      const response = redirect(logoutAtProvider?.href ?? location)
      response.headers.append('set-cookie', noSessionCookie(request))
      return response
    } catch (error) {
      if (error instanceof Unredirectable) return errorPage(request, error)
      throw error
    }
  },
}

/** A request to sign out has one of them. */
const NAMES = ['client_id', 'logout_uri', 'redirect_uri', 'post_logout_redirect_uri', 'id_token_hint']

/** Whom the application signs out, if it says so. logout_uri makes it Cognito's request, which has no other parameters. */
async function hintedUser(context: Context, { pool, query }: PoolRequest): Promise<HintedUser | undefined> {
  const hint = query.get('logout_uri') === undefined ? query.get('id_token_hint') : undefined
  const hinted = hint === undefined ? undefined : await readIdTokenHint(context, pool, hint)
  if (hint !== undefined && !hinted) throw new Unredirectable('invalid_request')
  const clientId = query.get('client_id')
  if (hinted && clientId !== undefined && clientId !== hinted.clientId) throw new Unredirectable('invalid_client')
  return hinted
}

/** Where the browser goes. Throws Unredirectable for a URL that the client has not registered. */
async function destination(context: Context, request: PoolRequest, hinted?: HintedUser): Promise<string> {
  const { query, path } = request
  const uri = query.get('logout_uri') ?? query.get('post_logout_redirect_uri')
  if (uri === undefined && hinted && query.get('redirect_uri') === undefined) return `${path}${SIGNED_OUT_PAGE}`
  if (uri === undefined) {
    await findTarget(context, request, query)
    return `${path}/login?${query}`
  }
  const { client } = await findPlace(context, request, query.get('client_id') ?? hinted?.clientId)
  if (!client.settings.LogoutURLs?.includes(uri)) throw new Unredirectable('redirect_mismatch')
  const state = query.get('logout_uri') === undefined ? query.get('state') : undefined
  return state === undefined ? uri : `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams({ state })}`
}
