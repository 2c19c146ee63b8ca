// GET and POST /oauth2/idpresponse: the answer of an identity provider becomes a user of the pool, and the application is
// answered. docs/reference/oauth-and-federation.md 19, 21, 24.
import { noteSignIn } from '../../cognito-idp/analytics/note-analytics.ts'
import { signInFederated } from '../../cognito-idp/identities/federated-sign-in.ts'
import type { Profile } from '../../cognito-idp/identities/profile.ts'
import type { IdentityProvider } from '../../cognito-idp/identity-providers/provider-store.ts'
import type { Context } from '../../context.ts'
import { signedIn } from '../../events.ts'
import { type Parameters, readParameters } from '../../http/forms.ts'
import { answerAuthorization } from '../authorize/answer.ts'
import { errorPage, withAuthorizationRequest } from '../authorize/authorize.ts'
import type { AuthorizationRequest } from '../authorize/read-request.ts'
import { openBrowserSession, sessionCookie } from '../browser-session.ts'
import type { Endpoint, PoolRequest } from '../endpoint.ts'
import { OAuthError, type OAuthErrorCode, Unredirectable } from '../oauth-error.ts'
import { samlSignInError } from '../saml/saml-errors.ts'
import { legOf } from './begin.ts'
import { requireClientProvider } from './choose-provider.ts'
import { endRoundTrip } from './state.ts'
import { upstreams } from './upstreams.ts'

export const idpResponse: Endpoint = {
  // Tokens of the implicit grant may be signed.
  costly: true,
  category: 'UserFederation',
  answer: (context, request) => {
    const answer = request.method === 'POST' ? request.form : request.query
    return finishUpstream(context, request, answer.get('state'), answer)
  },
}

/** Ends a round trip. `state`: what came back of it; `answer`: the parameters of the provider's answer. */
export async function finishUpstream(
  context: Context,
  request: PoolRequest,
  state: string | undefined,
  answer: Parameters,
): Promise<Response> {
  const trip = await endRoundTrip(context, request, state)
  const query = trip && readParameters(trip.query)
  if (!trip || !query) return errorPage(request, new Unredirectable('invalid_state'))
  return withAuthorizationRequest(context, { ...request, query }, async (asked) => {
    const provider = await requireClientProvider(context, asked, trip.provider)
    if (answer.repeated() !== undefined)
      throw new OAuthError('invalid_request', 'A parameter of the answer is repeated')
    const refusal = refusalIn(answer)
    if (refusal) throw refusal
    const profile = await upstreams[provider.type].finish(context, legOf(trip, asked, provider), answer)
    return signInWithProfile(context, request, asked, provider, profile)
  })
}

/** Signs the user of a profile in, and answers the application. Throws as signInFederated does. */
export async function signInWithProfile(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  provider: IdentityProvider,
  profile: Profile,
): Promise<Response> {
  const { pool, client } = asked
  const { source } = request
  const user = await signInFederated(context, { pool, client, provider, profile, source }).catch((error) => {
    throw profile.type === 'SAML' ? samlSignInError(error) : error
  })
  const { assurance, samlSession } = profile
  const of = {
    provider: provider.name,
    proofs: [],
    ...(assurance && { assurance }),
    ...(samlSession && { samlSession }),
  }
  const session = await openBrowserSession(context, asked, user, of, source)
  const response = await answerAuthorization(context, asked, { session, user }, source)
  response.headers.append('set-cookie', sessionCookie(context, request, session))
  signedIn(context, { pool: pool.id, client: client.clientId, sub: user.sub })
  noteSignIn(context, asked, user)
  return response
}

/** Errors of a provider that the application gets as they are (RFC 6749 4.1.2.1, OpenID Connect Core 3.1.2.6). */
const PASSED_ON: readonly string[] = [
  'access_denied',
  'account_selection_required',
  'consent_required',
  'interaction_required',
  'invalid_request',
  'invalid_scope',
  'login_required',
  'server_error',
  'temporarily_unavailable',
  'unauthorized_client',
] satisfies OAuthErrorCode[]

/** The error that the provider has answered with. */
function refusalIn(answer: Parameters): OAuthError | undefined {
  const error = answer.get('error')
  if (error === undefined) return undefined
  const given = answer.get('error_description') ?? error
  // RFC 6749 4.1.2.1: printable ASCII without quotes and backslashes.
  const description = given.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, ' ').slice(0, 500)
  // The providers' own word for a user who turned back (Apple).
  const code = error === 'user_cancelled_authorize' ? 'access_denied' : error
  return new OAuthError((PASSED_ON.includes(code) ? code : 'invalid_request') as OAuthErrorCode, description)
}
