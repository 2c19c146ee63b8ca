// GET /logout: ends the browser's session and redirects, by way of the SAML provider that wants to know, to a logout URL of the client or back to the sign-in page
// (docs/reference/oauth-and-federation.md 8). post_logout_redirect_uri is OpenID Connect's name of logout_uri.
import type { Context } from '../context.ts'
import { errorPage } from './authorize/authorize.ts'
import { redirect } from './authorize/redirect.ts'
import { findPlace, findTarget } from './authorize/target.ts'
import { endBrowserSession, noSessionCookie } from './browser-session.ts'
import type { Endpoint, PoolRequest } from './endpoint.ts'
import { Unredirectable } from './oauth-error.ts'
import { samlLogoutUrl } from './saml/logout-at-provider.ts'

export const logout: Endpoint = {
  answer: async (context, request) => {
    try {
      const location = await destination(context, request)
      const session = await endBrowserSession(context, request)
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

/** Where the browser goes. Throws Unredirectable for a URL that the client has not registered. */
async function destination(context: Context, request: PoolRequest): Promise<string> {
  const { query, path } = request
  const uri = query.get('logout_uri') ?? query.get('post_logout_redirect_uri')
  if (uri === undefined) {
    await findTarget(context, request, query)
    return `${path}/login?${query}`
  }
  const { client } = await findPlace(context, request, query)
  if (!client.settings.LogoutURLs?.includes(uri)) throw new Unredirectable('redirect_mismatch')
  const state = query.get('logout_uri') === undefined ? query.get('state') : undefined
  return state === undefined ? uri : `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams({ state })}`
}
