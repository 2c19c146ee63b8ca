// Ends the user's session at the SAML provider as well, where IDPSignout is true (docs/reference/oauth-and-federation.md 23):
// /logout sends the browser there with a signed LogoutRequest, and the provider's answer leads on to where the application
// wanted. The session here has ended before, whatever the provider does.
import type { SamlSession } from '../../cognito-idp/identities/profile.ts'
import { samlSigningKey } from '../../cognito-idp/identity-providers/saml-signing-key.ts'
import type { Context } from '../../context.ts'
import { isAlive } from '../../effects/time-rules.ts'
import { redirectUrl } from '../../saml/redirect-binding.ts'
import { logoutRequest } from '../../saml/write.ts'
import type { BrowserSession } from '../browser-session.ts'
import { limits } from '../limits.ts'
import type { PoolDoor } from '../pool-door.ts'
import { entityIdOf, isSet } from './service-provider.ts'

/** A logout on its way, sealed in the RelayState. */
export interface LogoutUnderWay {
  readonly requestId: string
  readonly provider: string
  /** Where the browser goes when the provider has answered. */
  readonly location: string
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

const PURPOSE = 'saml-logout'
const LIFETIME_MS = limits.upstreamSeconds.max * 1000

/** Where the provider of a browser's session takes a logout; undefined where it takes none, and for a session of no SAML provider. */
export async function samlLogoutPlace(
  context: Context,
  { pool }: PoolDoor,
  { provider: name, samlSession }: BrowserSession,
): Promise<string | undefined> {
  const provider = samlSession && (await context.userPools.identityProvider(pool.id, name))
  return provider && isSet(provider, 'IDPSignout') ? provider.details['SLORedirectBindingURI'] : undefined
}

/** The URL there that tells of the logout, and leads on to `location`. */
export async function samlLogoutUrl(
  context: Context,
  door: PoolDoor,
  session: BrowserSession,
  location: string,
): Promise<URL | undefined> {
  const { pool } = door
  const { provider: name, samlSession } = session
  const destination = await samlLogoutPlace(context, door, session)
  if (destination === undefined || !samlSession) return undefined
  const now = context.clock.now()
  const requestId = `_${Buffer.from(context.random.bytes(16)).toString('base64url')}`
  const underWay: LogoutUnderWay = { requestId, provider: name, location, expiresAt: now + LIFETIME_MS }
  const relayState = context.sealer.sealJson(PURPOSE, underWay, pool.id)
  const xml = requestXml(samlSession, { id: requestId, issuedAt: now, destination, issuer: entityIdOf(pool.id) })
  const { privateKey: key } = await samlSigningKey(context, pool.id)
  return redirectUrl(destination, { kind: 'SAMLRequest', xml, relayState, key })
}

const requestXml = (
  { name, index }: SamlSession,
  message: { id: string; issuedAt: number; destination: string; issuer: string },
): string => logoutRequest({ ...message, name, sessionIndex: index })

/** The logout that a RelayState is of; undefined for another text, and when it took too long. */
export function readLogoutUnderWay(
  { sealer, clock }: Pick<Context, 'sealer' | 'clock'>,
  { pool }: PoolDoor,
  relayState: string | undefined,
): LogoutUnderWay | undefined {
  const underWay = sealer.openJson(PURPOSE, relayState ?? '', pool.id) as LogoutUnderWay | undefined
  return underWay && isAlive(underWay.expiresAt, LIFETIME_MS, clock.now()) ? underWay : undefined
}
