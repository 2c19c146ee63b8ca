// Consent: before an application that registered itself, or one on a device without a browser, gets anything of a user, the user is
// asked. The page is
// login-pages/consent.tsx. It is reached by a redirect with a ticket, sealed: this browser session has answered this very
// authorization request, so that nobody skips the sign-in by asking for the page.
// docs/reference/oauth-and-federation.md 12, docs/behaviour/client-registration.md.
import { createHash } from 'node:crypto'
import { findConsent, putConsent } from '../../cognito-idp/consents/consent-store.ts'
import type { StoredUser } from '../../cognito-idp/users/user-store.ts'
import type { Context } from '../../context.ts'
import { isAlive } from '../../effects/time-rules.ts'
import { consentGiven } from '../../events.ts'
import { Parameters } from '../../http/forms.ts'
import type { BrowserSession } from '../browser-session.ts'
import { limits } from '../limits.ts'
import { OAuthError } from '../oauth-error.ts'
import type { AuthorizationRequest } from './read-request.ts'
import { redirect } from './redirect.ts'

/** The parameter of the page's address. */
const TICKET = 'consent'
const PURPOSE = 'consent'
const LIFETIME_MS = limits.consentSeconds.max * 1000

interface Ticket {
  readonly sessionId: string
  /** Of the authorization request. */
  readonly hash: string
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

/** Anybody may have registered the client, and anybody may have sent the user the code that a device shows (RFC 8628 5.4). */
export const needsConsent = ({ client, device }: Pick<AuthorizationRequest, 'client' | 'device'>): boolean =>
  client.settings.ClientType === 'DCR' || device !== undefined

/** What the user is asked for. */
const wantedBy = ({ scopes, resource }: AuthorizationRequest): string[] =>
  resource === undefined ? [...scopes] : scopes.map((scope) => `${scope} ${resource}`)

/**
 * Whether the user has allowed all of it before, so that the page need not be shown. It is shown anew for an application
 * whose address any other program on the device may have, as nothing then proves that it is the same one (RFC 8252 8.6).
 */
export async function hasConsented(
  context: Pick<Context, 'db'>,
  asked: AuthorizationRequest,
  { sub }: StoredUser,
): Promise<boolean> {
  const { pool, client, device, prompt, redirectUri } = asked
  const isKnown = client.secrets.length > 0 || redirectUri.startsWith('https:')
  // Whoever allows a device says that this one is theirs.
  if (device || !isKnown || prompt.includes('consent')) return false
  const consent = await findConsent(context.db, { sub, userPoolId: pool.id, clientId: client.clientId })
  return consent !== undefined && wantedBy(asked).every((one) => consent.granted.includes(one))
}

/** Keeps that the user has allowed this to an application that registered itself, beside what was allowed before. */
export async function keepConsent(
  context: Pick<Context, 'db' | 'clock' | 'log' | 'metrics'>,
  asked: AuthorizationRequest,
  { sub }: StoredUser,
): Promise<void> {
  if (asked.device) return
  const key = { sub, userPoolId: asked.pool.id, clientId: asked.client.clientId }
  const before = await findConsent(context.db, key)
  const granted = [...new Set([...(before?.granted ?? []), ...wantedBy(asked)])]
  await putConsent(context.db, { ...key, granted, grantedAt: context.clock.now() })
  consentGiven(context, { pool: key.userPoolId, client: key.clientId, sub })
}

/** When the user has allowed the application what it has now (epoch milliseconds); undefined without consent. One statement. */
export async function consentedAt(
  { db }: Pick<Context, 'db'>,
  { pool, client }: AuthorizationRequest,
  { sub }: StoredUser,
): Promise<number | undefined> {
  return (await findConsent(db, { sub, userPoolId: pool.id, clientId: client.clientId }))?.grantedAt
}

/** The redirect to the page. Throws OAuthError `consent_required` where no page may be shown (OpenID Connect Core 3.1.2.6). */
export function askConsent(
  context: Pick<Context, 'sealer' | 'clock'>,
  { client, prompt, page }: AuthorizationRequest,
  { id: sessionId }: BrowserSession,
): Response {
  if (prompt.includes('none')) throw new OAuthError('consent_required')
  const query = withoutTicket(page.query)
  const ticket: Ticket = { sessionId, hash: hashOf(query), expiresAt: context.clock.now() + LIFETIME_MS }
  const sealed = context.sealer.sealJson(PURPOSE, ticket, client.clientId)
  return redirect(`${page.path}/consent?${query}&${new URLSearchParams({ [TICKET]: sealed })}`, 303)
}

/** Whether the address of the page has a ticket for this request and session. */
export function mayConsent(
  context: Pick<Context, 'sealer' | 'clock'>,
  { client, page: { query } }: AuthorizationRequest,
  { id }: BrowserSession,
): boolean {
  const ticket = context.sealer.openJson(PURPOSE, query.get(TICKET) ?? '', client.clientId) as Ticket | undefined
  return (
    ticket?.sessionId === id &&
    ticket.hash === hashOf(withoutTicket(query)) &&
    isAlive(ticket.expiresAt, LIFETIME_MS, context.clock.now())
  )
}

const withoutTicket = (query: Parameters): Parameters => new Parameters([...query].filter(([name]) => name !== TICKET))

const hashOf = (query: Parameters): string => createHash('sha256').update(query.toString()).digest('base64url')
