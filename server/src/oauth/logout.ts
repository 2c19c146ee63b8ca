// GET /logout: ends the browser's session and redirects, to a logout URL of the client or back to the sign-in page
// (docs/reference/oauth-and-federation.md 8). post_logout_redirect_uri is OpenID Connect's name of logout_uri.
import type { Context } from '../context.ts'
import { errorPage } from './authorize/authorize.ts'
import { redirect } from './authorize/redirect.ts'
import { findPlace, findTarget } from './authorize/target.ts'
import { endBrowserSession, noSessionCookie } from './browser-session.ts'
import type { Endpoint, PoolRequest } from './endpoint.ts'
import { Unredirectable } from './oauth-error.ts'

export const logout: Endpoint = {
  answer: async (context, request) => {
    try {
      const location = await destination(context, request)
      await endBrowserSession(context, request)
      const response = redirect(location)
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
