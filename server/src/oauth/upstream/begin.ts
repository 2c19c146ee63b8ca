// Sends a browser to an identity provider. docs/reference/oauth-and-federation.md 19, 21.
import type { IdentityProvider } from '../../cognito-idp/identity-providers/provider-store.ts'
import type { Context } from '../../context.ts'
import type { AuthorizationRequest } from '../authorize/read-request.ts'
import { redirect } from '../authorize/redirect.ts'
import type { PoolRequest } from '../endpoint.ts'
import { openRoundTrip, type RoundTrip } from './state.ts'
import type { Leg } from './upstream.ts'
import { upstreams } from './upstreams.ts'

/** The redirect to the provider, with the cookie that binds its answer to the browser. */
export async function beginUpstream(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  provider: IdentityProvider,
): Promise<Response> {
  const { trip, state, cookie } = openRoundTrip(context, request, provider.name)
  const location = await upstreams[provider.type].begin(context, legOf(trip, asked, provider), state)
  const response = redirect(location.href)
  response.headers.append('set-cookie', cookie)
  return response
}

export const legOf = (
  { id, nonce, codeVerifier, base, begunAt }: RoundTrip,
  asked: AuthorizationRequest,
  provider: IdentityProvider,
): Leg => ({ id, nonce, codeVerifier, base, begunAt, asked, provider })
