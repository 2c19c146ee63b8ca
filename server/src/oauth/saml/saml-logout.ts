// /saml2/logout (docs/reference/oauth-and-federation.md 23): SAML providers send their answers to our logout requests here, and
// their own requests, which end the user's sessions. Both have to be signed, and come in a form or in the query.
//
// A browser does not send the session's cookie with a form of another site. So a request that was verified comes back as a GET,
// to which the browser does, with a ticket in its query.

import { withCurrentMetadata } from '../../cognito-idp/identity-providers/current-metadata.ts'
import type { IdentityProvider } from '../../cognito-idp/identity-providers/provider-store.ts'
import { samlSigningKey } from '../../cognito-idp/identity-providers/saml-signing-key.ts'
import { endSamlSessions } from '../../cognito-idp/sessions/saml-sessions.ts'
import { spendId } from '../../cognito-idp/sign-in/spent-id-store.ts'
import type { Context } from '../../context.ts'
import { sha256Text } from '../../crypto/digest.ts'
import { isAlive } from '../../effects/time-rules.ts'
import type { Parameters } from '../../http/forms.ts'
import {
  claimedIssuer,
  type LogoutInput,
  type SamlLogout,
  verifyLogoutRequest,
  verifyLogoutResponse,
} from '../../saml/logout.ts'
import { knownIdpMetadata } from '../../saml/metadata.ts'
import { REDIRECT_BINDING } from '../../saml/names.ts'
import { type RedirectMessage, readQuery, redirectUrl } from '../../saml/redirect-binding.ts'
import type { Refused } from '../../saml/refusal.ts'
import { logoutResponse } from '../../saml/write.ts'
import { errorPage } from '../authorize/authorize.ts'
import { redirect } from '../authorize/redirect.ts'
import { type BrowserSession, browserSessionOf, endBrowserSession, noSessionCookie } from '../browser-session.ts'
import type { Endpoint, PoolRequest } from '../endpoint.ts'
import { limits } from '../limits.ts'
import { Unredirectable } from '../oauth-error.ts'
import { readLogoutUnderWay } from './logout-at-provider.ts'
import { entityIdOf, isSet, logoutUrl } from './service-provider.ts'

interface Ticket extends Pick<SamlLogout, 'id' | 'name' | 'sessionIndexes'> {
  readonly provider: string
  readonly relayState: string | undefined
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

const PURPOSE = 'saml-logout-ticket'
const TICKET_MS = 60_000

export const postLogout: Endpoint = {
  costly: true,
  answer: (context, request) => {
    const { form } = request
    return read(context, request, form, async (kind) => form.get(kind) as string)
  },
}

/** A message of a provider, from a form or a query. */
interface Received {
  readonly message: LogoutInput['message']
  readonly relayState: string | undefined
}

async function read(
  context: Context,
  request: PoolRequest,
  sent: Parameters,
  messageOf: (kind: RedirectMessage['kind']) => Promise<LogoutInput['message'] | Refused>,
): Promise<Response> {
  const [asks, answers] = [sent.get('SAMLRequest'), sent.get('SAMLResponse')]
  if (sent.repeated() !== undefined || (asks === undefined) === (answers === undefined)) return refused(request)
  const kind = asks === undefined ? 'SAMLResponse' : 'SAMLRequest'
  const message = await messageOf(kind)
  if (typeof message !== 'string' && 'refused' in message) {
    context.log.info({ pool: request.pool.id, ...message }, 'a SAML logout message is refused')
    return refused(request)
  }
  const received: Received = { message, relayState: sent.get('RelayState') }
  return kind === 'SAMLResponse' ? readAnswer(context, request, received) : readRequest(context, request, received)
}

const refused = (request: PoolRequest): Response => errorPage(request, new Unredirectable('invalid_request'))

/** The provider has ended the session, or has tried to: the browser goes where the application wanted. */
async function readAnswer(
  context: Context,
  request: PoolRequest,
  { message, relayState }: Received,
): Promise<Response> {
  const underWay = readLogoutUnderWay(context, request, relayState)
  const provider = underWay && (await context.userPools.identityProvider(request.pool.id, underWay.provider))
  if (!underWay || provider?.type !== 'SAML') return refused(request)
  const { requestId: inResponseTo, location } = underWay
  const result = await verifyLogoutResponse({ ...(await inputOf(context, request, provider, message)), inResponseTo })
  const of = { pool: request.pool.id, provider: provider.name }
  if ('refused' in result) {
    context.log.info({ ...of, ...result }, 'a SAML logout response is refused')
    return refused(request)
  }
  if (!result.succeeded) context.log.info(of, 'a SAML provider has not ended the session of a user')
  return redirect(location, 303)
}

const inputOf = async (
  context: Context,
  { base }: PoolRequest,
  provider: IdentityProvider,
  message: LogoutInput['message'],
) => ({
  message,
  metadata: (await withCurrentMetadata(context, provider)).document,
  now: context.clock.now(),
  destination: logoutUrl(base),
})

/** The provider asks to end the session of a user: it is verified once, and answered by GET. */
async function readRequest(
  context: Context,
  request: PoolRequest,
  { message, relayState }: Received,
): Promise<Response> {
  const { pool, path } = request
  const issuer = await claimedIssuer(message)
  const candidates = (await context.userPools.identityProviders(pool.id)).filter(
    (provider) => provider.type === 'SAML' && provider.entityId === issuer && isSet(provider, 'IDPSignout'),
  )
  for (const { name } of candidates) {
    const provider = await context.userPools.identityProvider(pool.id, name)
    if (!provider) continue
    const asked = await verifyLogoutRequest(await inputOf(context, request, provider, message))
    if ('refused' in asked) {
      context.log.info({ pool: pool.id, provider: name, ...asked }, 'a SAML logout request is refused')
      continue
    }
    const spent = { id: `saml-logout ${sha256Text(JSON.stringify([issuer, asked.id]))}`, userPoolId: pool.id }
    if (!(await spendId(context.db, { ...spent, expiresAt: asked.expiresAt }))) return refused(request)
    await endSamlSessions(context, pool, { provider: name, subject: asked.name.value, indexes: asked.sessionIndexes })
    const ticket: Ticket = {
      id: asked.id,
      name: asked.name,
      sessionIndexes: asked.sessionIndexes,
      provider: name,
      relayState: relayState && relayState.length <= limits.parameter.max ? relayState : undefined,
      expiresAt: context.clock.now() + TICKET_MS,
    }
    return redirect(`${path}/saml2/logout?ticket=${context.sealer.sealJson(PURPOSE, ticket, pool.id)}`, 303)
  }
  return refused(request)
}

/** A message in the query; or, with a ticket, the end of the session of a verified request in the browser that has it. */
export const getLogout: Endpoint = {
  costly: true,
  answer: (context, request) =>
    request.query.get('ticket') === undefined
      ? read(context, request, request.query, (kind) => readQuery(request.search, kind))
      : finish(context, request),
}

async function finish(context: Context, request: PoolRequest): Promise<Response> {
  const { pool, query } = request
  const ticket = context.sealer.openJson(PURPOSE, query.get('ticket') ?? '', pool.id) as Ticket | undefined
  if (!ticket || !isAlive(ticket.expiresAt, TICKET_MS, context.clock.now())) return refused(request)
  const provider = await context.userPools.identityProvider(pool.id, ticket.provider)
  if (!provider) return refused(request)
  const session = browserSessionOf(context, request)
  const ends = session !== undefined && isMeant(session, ticket)
  if (ends) await endBrowserSession(context, request)
  const response = await answerProvider(context, request, provider, ticket)
  if (ends) response.headers.append('set-cookie', noSessionCookie(request))
  return response
}

const isMeant = (
  { provider, samlSession }: BrowserSession,
  { provider: asking, name, sessionIndexes }: Ticket,
): boolean =>
  provider === asking &&
  samlSession?.name.value === name.value &&
  (sessionIndexes.length === 0 || samlSession.index === undefined || sessionIndexes.includes(samlSession.index))

/** Sends the browser back with a signed LogoutResponse. A provider without an endpoint for it gets none. */
async function answerProvider(
  context: Context,
  { pool }: PoolRequest,
  { document }: IdentityProvider,
  { id: inResponseTo, relayState }: Ticket,
): Promise<Response> {
  const metadata = await knownIdpMetadata(document)
  const endpoints = 'refused' in metadata ? [] : metadata.singleLogout
  const endpoint = endpoints.find(({ binding }) => binding === REDIRECT_BINDING)
  if (!endpoint) return new Response(null, { status: 204 })
  const destination = endpoint.responseLocation ?? endpoint.location
  const xml = logoutResponse({
    id: `_${Buffer.from(context.random.bytes(16)).toString('base64url')}`,
    issuedAt: context.clock.now(),
    destination,
    issuer: entityIdOf(pool.id),
    inResponseTo,
  })
  const { privateKey: key } = await samlSigningKey(context, pool.id)
  return redirect(redirectUrl(destination, { kind: 'SAMLResponse', xml, relayState, key }).href)
}
