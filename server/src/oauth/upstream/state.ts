// The state of a round trip to an identity provider: sealed, so that a provider neither reads nor changes it; bound by a
// cookie to the browser that began; good once, for five minutes; it has the authorization request in it.
// docs/reference/oauth-and-federation.md 9, 25; RFC 9700 4.7.
import { spendId } from '../../cognito-idp/sign-in/spent-id-store.ts'
import type { Context } from '../../context.ts'
import { equalBytes } from '../../crypto/equal-bytes.ts'
import { isAlive } from '../../effects/time-rules.ts'
import { cookieHeader } from '../../http/cookies.ts'
import { isSecure } from '../browser-session.ts'
import type { PoolRequest } from '../endpoint.ts'
import { limits } from '../limits.ts'

export interface RoundTrip {
  readonly id: string
  /** The provider's name in the pool. */
  readonly provider: string
  /** The authorization request, as the query of its URL. */
  readonly query: string
  readonly base: string
  readonly nonce: string
  readonly codeVerifier: string
  /** The value of the browser's cookie. */
  readonly browser: string
  /** Epoch milliseconds. */
  readonly begunAt: number
}

/** The name of Cognito's cookie. */
const COOKIE = 'csrf-state'
const PURPOSE = 'upstream-state'
const LIFETIME_MS = limits.upstreamSeconds.max * 1000

type Binding = Pick<PoolRequest, 'pool' | 'cookies' | 'path' | 'base'>

/** A new round trip, the text for the provider, and the cookie's Set-Cookie header. */
export function openRoundTrip(
  context: Pick<Context, 'sealer' | 'random' | 'clock'>,
  { pool, cookies, path, base, query }: Binding & Pick<PoolRequest, 'query'>,
  provider: string,
): { trip: RoundTrip; state: string; cookie: string } {
  const secret = (bytes: number): string => Buffer.from(context.random.bytes(bytes)).toString('base64url')
  const kept = cookies.get(COOKIE) ?? ''
  const trip: RoundTrip = {
    id: secret(16),
    provider,
    query: query.toString(),
    base,
    nonce: secret(16),
    codeVerifier: secret(32),
    // Kept, so that two tabs may sign in at a time.
    browser: /^[\w-]{22}$/.test(kept) ? kept : secret(16),
    begunAt: context.clock.now(),
  }
  return {
    trip,
    state: context.sealer.sealJson(PURPOSE, trip, pool.id),
    cookie: cookieHeader({
      name: COOKIE,
      value: trip.browser,
      path: path || '/',
      secure: isSecure({ base }),
      maxAge: limits.upstreamSeconds.max,
      // Some providers post their answers.
      sameSite: 'None',
    }),
  }
}

/**
 * The round trip that a provider's answer ends, once. Undefined for a state that is not of this pool, or of another browser,
 * or that has expired or come back before.
 */
export async function endRoundTrip(
  context: Pick<Context, 'sealer' | 'clock' | 'db'>,
  { pool, cookies }: Binding,
  state: string | undefined,
): Promise<RoundTrip | undefined> {
  const trip = context.sealer.openJson(PURPOSE, state ?? '', pool.id) as RoundTrip | undefined
  const cookie = cookies.get(COOKIE)
  if (!trip || cookie === undefined || !equalBytes(cookie, trip.browser)) return undefined
  if (!isAlive(trip.begunAt + LIFETIME_MS, LIFETIME_MS, context.clock.now())) return undefined
  const spent = { id: `${PURPOSE} ${trip.id}`, userPoolId: pool.id, expiresAt: trip.begunAt + LIFETIME_MS }
  return (await spendId(context.db, spent)) ? trip : undefined
}
