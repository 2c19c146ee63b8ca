// What every page of a user's account begins with: the pool has turned them on, an app client whose settings count, and a user
// with a session of this browser, of a recent sign-in where a page asks for one. docs/behaviour/account-page.md.
import type { Place } from '../../cognito-idp/sign-in/sign-in.ts'
import { hasAccountPage } from '../../cognito-idp/tags/cognomen-tag-rules.ts'
import type { UserPoolClient } from '../../cognito-idp/user-pool-clients/client-store.ts'
import { findUserBySub, type StoredUser } from '../../cognito-idp/users/user-store.ts'
import type { Context } from '../../context.ts'
import { errorPage } from '../../oauth/authorize/authorize.ts'
import { redirect } from '../../oauth/authorize/redirect.ts'
import {
  type BrowserSession,
  findBrowserSession,
  renewBrowserSession,
  sessionCookie,
} from '../../oauth/browser-session.ts'
import type { Endpoint, PoolRequest } from '../../oauth/endpoint.ts'
import { limits as oauthLimits } from '../../oauth/limits.ts'
import { Unredirectable } from '../../oauth/oauth-error.ts'
import { responseTypeOf, servesAccount } from '../../oauth/own-pages.ts'
import { PageProblem } from '../../oauth/pool-requests.ts'
import { hasWay } from '../../oauth/upstream/choose-provider.ts'
import { limits } from '../limits.ts'
import { showNoSession, showUpstreamError } from './no-session.tsx'

/** A user at a page of the account. */
export interface Account extends Place {
  readonly user: StoredUser
  readonly session: BrowserSession
}

type Answer = (context: Context, request: PoolRequest, account: Account) => Response | Promise<Response>

interface AccountEndpoint extends Omit<Endpoint, 'answer'> {
  readonly answer: Answer
  /** The sign-in must be a recent one: who finds an open browser must not take the account over. */
  readonly fresh?: true
}

/** An endpoint for users who are signed in; others sign in first, and come back to the page. */
export const forAccount = ({ answer, fresh, ...endpoint }: AccountEndpoint): Endpoint => ({
  category: 'UserRead',
  ...endpoint,
  answer: async (context, request) => {
    const { pool, query, path, endpoint: page } = request
    if (!hasAccountPage(pool.settings)) throw new PageProblem({ status: 404, message: 'Not found.' })
    const found = await findBrowserSession(context, request)
    const clientId = query.get('client_id')
    if (clientId === undefined && !found) return showNoSession(request)
    const client = await context.userPools.client(clientId ?? found?.session.clientId ?? '')
    if (client?.userPoolId !== pool.id || !servesAccount(pool, client))
      return clientId === undefined ? showNoSession(request) : errorPage(request, new Unredirectable('invalid_client'))
    const toPage = new URLSearchParams({ client_id: client.clientId })
    if (clientId === undefined) return redirect(`${path}${page}?${toPage}`)
    if (query.get('error') !== undefined) return showUpstreamError(request)
    const maxAge = fresh ? limits.freshSignInSeconds.max : oauthLimits.browserSessionSeconds.max
    const isRecent = found && context.clock.now() / 1000 - found.session.authTime <= maxAge
    // What the client may read and write is for users who can sign in to it.
    if (isRecent && hasWay(client, found.session.provider)) return answer(context, request, { pool, client, ...found })
    return redirect(signInFor(request, client, maxAge), 303)
  },
})

/** The sign-in that leads back to the page of the request. */
function signInFor({ path, base, endpoint, query }: PoolRequest, client: UserPoolClient, maxAge: number): string {
  const lang = query.get('lang')
  const asked = new URLSearchParams({
    response_type: responseTypeOf(client.settings) ?? 'code',
    client_id: client.clientId,
    redirect_uri: `${base}${endpoint.toLowerCase()}`,
    max_age: String(maxAge),
    ...(lang !== undefined && { lang }),
  })
  return `${path}/oauth2/authorize?${asked}`
}

/** The account as it is after a change. */
export const anew = async (context: Context, account: Account): Promise<Account> => ({
  ...account,
  user: (await findUserBySub(context.db, account.pool.id, account.user.sub)) ?? account.user,
})

/** The answer with the cookie of a session that takes the place of the present one, which ends with all others. */
export async function stayingSignedIn(
  context: Context,
  request: PoolRequest,
  account: Account,
  user: StoredUser,
  show: (account: Account) => Promise<Response>,
): Promise<Response> {
  const session = await renewBrowserSession(context, account, account.session, user, request.source)
  const response = await show({ ...account, user, session })
  response.headers.append('set-cookie', sessionCookie(context, request, session))
  return response
}
