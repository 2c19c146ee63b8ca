// Authorization requests that a client has sent before its user's browser comes (RFC 9126), and those of devices without a browser
// (RFC 8628). What stands for one in an address is the request itself, sealed, so that nothing is stored: first a text for its
// client, good once and for a short time; from the first page on another one, which goes along from page to page as the
// parameters of other requests do.
import type { Place } from '../../cognito-idp/sign-in/sign-in.ts'
import { spendId } from '../../cognito-idp/sign-in/spent-id-store.ts'
import type { Context } from '../../context.ts'
import { isAlive } from '../../effects/time-rules.ts'
import { newUuid } from '../../effects/uuid.ts'
import { Parameters, readParameters } from '../../http/forms.ts'
import type { DeviceTicket } from '../device/device-grant.ts'
import type { PoolRequest } from '../endpoint.ts'
import { limits } from '../limits.ts'
import { Unredirectable } from '../oauth-error.ts'

const PREFIX = 'urn:ietf:params:oauth:request_uri:'
const PUSHED = 'pushed-request'
const BEGUN = 'begun-request'
const PUSHED_MS = limits.pushedRequestSeconds.max * 1000
const BEGUN_MS = limits.begunRequestSeconds.max * 1000

interface Pushed {
  readonly id: string
  /** As a query. */
  readonly parameters: string
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

interface Begun {
  readonly parameters: string
  readonly device?: DeviceTicket
  readonly expiresAt: number
}

/** The request of a page: its parameters, and whether they were pushed. */
export interface CarriedRequest {
  readonly parameters: Parameters
  readonly isPushed: boolean
  /** The device that asks. */
  readonly device?: DeviceTicket
}

/** Whose request it is: a text of another client or pool does not open. */
const ownerOf = (poolId: string, clientId: string): string => JSON.stringify([poolId, clientId])

/** The `request_uri` for a request that has been checked. */
export function pushedUri(
  context: Pick<Context, 'sealer' | 'random' | 'clock'>,
  { pool, client }: Place,
  parameters: Parameters,
): string {
  const id = newUuid(context.random)
  const pushed: Pushed = { id, parameters: parameters.toString(), expiresAt: context.clock.now() + PUSHED_MS }
  return PREFIX + context.sealer.sealJson(PUSHED, pushed, ownerOf(pool.id, client.clientId))
}

/** The query of the first page for a request. */
export function begunQuery(
  context: Pick<Context, 'sealer' | 'clock'>,
  { pool, client }: Place,
  request: { readonly parameters: Parameters; readonly device?: DeviceTicket },
  lang: string | undefined,
): Parameters {
  const begun: Begun = {
    parameters: request.parameters.toString(),
    expiresAt: context.clock.now() + BEGUN_MS,
    ...(request.device && { device: request.device }),
  }
  const sealed = context.sealer.sealJson(BEGUN, begun, ownerOf(pool.id, client.clientId))
  const pairs = { client_id: client.clientId, request_uri: PREFIX + sealed, ...(lang !== undefined && { lang }) }
  return new Parameters(Object.entries(pairs))
}

/**
 * The request to the authorization endpoint with a pushed one begun, which spends it: one statement. Other requests as they
 * are. Throws Unredirectable for one that has expired, or comes again: what it says of its redirect URI may be old.
 */
export async function beginPushed(context: Context, request: PoolRequest): Promise<PoolRequest> {
  const { pool, query } = request
  const { owner, sealed } = sealedIn(request)
  const pushed =
    sealed === undefined ? undefined : (context.sealer.openJson(PUSHED, sealed, owner) as Pushed | undefined)
  if (!pushed) return request
  const { id, expiresAt } = pushed
  const parameters = readParameters(pushed.parameters)
  const client = await context.userPools.client(query.get('client_id') ?? '')
  if (!parameters || !client || !isAlive(expiresAt, PUSHED_MS, context.clock.now()))
    throw new Unredirectable('invalid_request_uri')
  if (!(await spendId(context.db, { id: `${PUSHED}:${id}`, userPoolId: pool.id, expiresAt })))
    throw new Unredirectable('invalid_request_uri')
  return { ...request, query: begunQuery(context, { pool, client }, { parameters }, query.get('lang')) }
}

/** What the pages themselves add to the query: the user's choice where the application has not chosen. */
const CHOICES = ['identity_provider', 'idp_identifier', 'login_hint']

/**
 * The request that a page is about: the one that was begun, where its query has one, of which nothing can be changed; or the
 * query itself. Throws Unredirectable for one that has expired or is none of this client.
 */
export function carriedRequest(
  context: Pick<Context, 'sealer' | 'clock'>,
  request: Pick<PoolRequest, 'pool' | 'query'>,
): CarriedRequest {
  const { query } = request
  const { owner, sealed } = sealedIn(request)
  if (sealed === undefined) return { parameters: query, isPushed: false }
  const begun = context.sealer.openJson(BEGUN, sealed, owner) as Begun | undefined
  const pushed = begun && readParameters(begun.parameters)
  if (!pushed || !isAlive(begun.expiresAt, BEGUN_MS, context.clock.now()) || query.repeated() !== undefined)
    throw new Unredirectable('invalid_request_uri')
  const choices = [...query].filter(([name]) => CHOICES.includes(name) && pushed.get(name) === undefined)
  const parameters = new Parameters([...pushed, ...choices])
  return { parameters, isPushed: true, ...(begun.device && { device: begun.device }) }
}

function sealedIn({ pool, query }: Pick<PoolRequest, 'pool' | 'query'>): { owner: string; sealed: string | undefined } {
  const uri = query.get('request_uri')
  return {
    owner: ownerOf(pool.id, query.get('client_id') ?? ''),
    sealed: uri?.startsWith(PREFIX) ? uri.slice(PREFIX.length) : undefined,
  }
}

/** Whether the query of a page has an authorization request. */
export const hasRequest = (query: Parameters): boolean =>
  query.get('response_type') !== undefined || query.get('request_uri') !== undefined

/** Whether the answer may be tokens, which are signed. What was pushed is not read for that. */
export const mayGiveTokens = ({ query }: Pick<PoolRequest, 'query'>): boolean =>
  query.get('response_type') === 'token' || query.get('request_uri') !== undefined
