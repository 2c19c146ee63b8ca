// GET /oauth2/authorize: a code at once for a browser with a session; all others go to the identity provider that the
// application names, or that is the client's only one, or to the sign-in page.
// docs/reference/oauth-and-federation.md 3.
import { couldReachMore, usableSecondFactors } from '../../cognito-idp/sign-in/assurance-rules.ts'
import { factsOf } from '../../cognito-idp/sign-in/factor-rules.ts'
import { pushedAuthorization } from '../../cognito-idp/tags/cognomen-tag-rules.ts'
import { allowsFlow } from '../../cognito-idp/user-pool-clients/auth-flow-rules.ts'
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import type { Parameters } from '../../http/forms.ts'
import { type BrowserSession, findBrowserSession, takesSession } from '../browser-session.ts'
import { deviceEnd } from '../device/device-grant.ts'
import type { Endpoint, PoolRequest } from '../endpoint.ts'
import { readIdTokenHint } from '../id-token-hint.ts'
import { limits } from '../limits.ts'
import { OAuthError, Unredirectable } from '../oauth-error.ts'
import { couldGiveMore } from '../upstream/assurance-rules.ts'
import { beginUpstream } from '../upstream/begin.ts'
import { chosenWay, OWN_USERS, requireClientProvider } from '../upstream/choose-provider.ts'
import { type Authorized, answerAuthorization } from './answer.ts'
import { beginPushed, type CarriedRequest, carriedRequest, mayGiveTokens } from './pushed-request.ts'
import { type AuthorizationRequest, type ReadRequest, readAuthorizationRequest } from './read-request.ts'
import { answerError, namedResponseMode, redirect } from './redirect.ts'
import { findPlace, findTarget, type Target } from './target.ts'

export const authorize: Endpoint = {
  costly: mayGiveTokens,
  answer: (context, request) => withPushed(context, request, (begun) => answerRequest(context, begun)),
}

const answerRequest = (context: Context, request: PoolRequest): Promise<Response> =>
  withAuthorizationRequest(context, request, async (asked) => {
    const way = await chosenWay(context, asked)
    const found = asked.prompt.includes('login') ? undefined : await findBrowserSession(context, request)
    const isChosen = !asked.prompt.includes('select_account')
    // An application that names a provider gets nobody who has come by another one (docs/reference/oauth-and-federation.md 3.5).
    const isOfWay = !way?.asked || way.name === found?.session.provider
    const provider = way && way.name !== OWN_USERS ? await requireClientProvider(context, asked, way.name) : undefined
    const reached = found?.session.assurance?.level ?? 1
    const isHigher = provider !== undefined && couldGiveMore(provider.acrMapping, asked.levels, reached)
    if (found && isChosen && isOfWay && !isHigher && isEnough(asked, found, context.clock.now()))
      return answerAuthorization(context, asked, found, request.source)
    if (asked.prompt.includes('none')) throw new OAuthError('login_required')
    if (provider) return beginUpstream(context, request, asked, provider)
    return redirect(`${request.path}/login?${request.query}`)
  })

/** POST: the same request in a form (OpenID Connect Core 3.1.2.1), asked again by GET, with the cookies of this site. */
export const repeatByGet: Endpoint = {
  answer: (_context, { path, endpoint, form }) => redirect(`${path}${endpoint}?${form}`, 303),
}

/**
 * Reads the authorization request in the query, which every page of a sign-in carries along, and answers it. Errors go to the
 * application once it is known where that is, and to the page `/error` before.
 */
export const withAuthorizationRequest = (
  context: Context,
  request: PoolRequest,
  answer: (asked: AuthorizationRequest) => Response | Promise<Response>,
): Promise<Response> =>
  withTarget(context, request, async (target, { parameters, isPushed, device }) => {
    try {
      const mustPush = pushedAuthorization(target.pool.settings, target.client.settings) === 'required'
      if (mustPush && !isPushed && !target.ownPage)
        throw new OAuthError('invalid_request', 'the client has to push its authorization requests')
      return await answer({
        ...(await checkedRequest(context, target, parameters)),
        ...(device && { device }),
        page: { path: request.path, query: request.query },
      })
    } catch (error) {
      const told = oauthErrorOf(error)
      if (!told) throw error
      const { redirectUri, ownPage, client } = target
      if (ownPage) {
        const query = new URLSearchParams({ client_id: client.clientId, error: told.code })
        return redirect(`${request.path}${ownPage}?${query}`)
      }
      return answerError({ redirectUri, state: stateOf(parameters) }, told, namedResponseMode(parameters, redirectUri))
    }
  })

/** The same for a page that needs to know where the application is, and no more. */
export async function withTarget(
  context: Context,
  request: PoolRequest,
  answer: (target: Target, carried: CarriedRequest) => Response | Promise<Response>,
): Promise<Response> {
  try {
    const carried = carriedRequest(context, request)
    const { parameters, device } = carried
    const target = device
      ? { ...(await findPlace(context, request, parameters.get('client_id'))), redirectUri: deviceEnd(request) }
      : await findTarget(context, request, parameters)
    return await answer(target, carried)
  } catch (error) {
    if (error instanceof Unredirectable) return errorPage(request, error)
    throw error
  }
}

async function withPushed(
  context: Context,
  request: PoolRequest,
  answer: (begun: PoolRequest) => Promise<Response>,
): Promise<Response> {
  try {
    return await answer(await beginPushed(context, request))
  } catch (error) {
    if (error instanceof Unredirectable) return errorPage(request, error)
    throw error
  }
}

/** Reads and checks the parameters of an authorization request. Throws OAuthError. */
export async function checkedRequest(context: Context, target: Target, parameters: Parameters): Promise<ReadRequest> {
  const hintedSub = await hintedSubOf(context, target, parameters)
  const read = readAuthorizationRequest(target, parameters)
  return hintedSub === undefined ? read : { ...read, hintedSub }
}

/** The user that the application means by id_token_hint. */
async function hintedSubOf(context: Context, { pool }: Target, query: Parameters): Promise<string | undefined> {
  const hint = query.get('id_token_hint')
  if (hint === undefined) return undefined
  const hinted = await readIdTokenHint(context, pool, hint)
  if (!hinted) throw new OAuthError('invalid_request', 'id_token_hint is no ID token of this user pool')
  return hinted.sub
}

/** What the application is told; undefined for errors that are none of its business. */
function oauthErrorOf(error: unknown): OAuthError | undefined {
  if (error instanceof OAuthError) return error
  // A trigger of the pool has refused, or did not work.
  return error instanceof ApiError ? new OAuthError('invalid_request', error.message) : undefined
}

const stateOf = (query: Parameters): string | undefined => {
  const state = query.get('state')
  return state !== undefined && state.length <= limits.parameter.max ? state : undefined
}

export const errorPage = ({ path, query }: PoolRequest, { code }: Unredirectable): Response => {
  const clientId = query.get('client_id')
  const parameters = new URLSearchParams({ error: code, ...(clientId !== undefined && { client_id: clientId }) })
  return redirect(`${path}/error?${parameters}`)
}

/**
 * Whether the session is of the user whom the application means, and its last proof as recent as the application and its
 * client want it. `now`: epoch milliseconds.
 */
export const isRecent = (session: BrowserSession, asked: AuthorizationRequest, now: number): boolean =>
  (asked.hintedSub ?? session.sub) === session.sub &&
  takesSession(asked, session, now) &&
  (asked.maxAge === undefined || now / 1000 - session.authTime <= asked.maxAge)

/** Whether nothing more is to be proven: the session is recent, and reaches the level that is asked for or no proof would. */
export function isEnough(asked: AuthorizationRequest, { session, user }: Authorized, now: number): boolean {
  const { pool, client, levels } = asked
  if (!isRecent(session, asked, now)) return false
  const firstFactors = allowsFlow(client.settings, 'USER_AUTH') ? factsOf(pool.settings, user).firstFactors : []
  return !couldReachMore(session, levels, usableSecondFactors(pool.settings, user), firstFactors)
}
