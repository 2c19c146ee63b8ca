// A browser's session: who has signed in on a pool's pages, so that the next application needs no password (single sign-on).
// It is a sealed cookie; it ends after an hour, or as the app client says in a pool that tracks sessions, at /logout, by
// RevokeUserSession, when the user's password changes or the user is signed out everywhere.
// docs/reference/oauth-and-federation.md 9, 14.
import type { SamlSession } from '../cognito-idp/identities/profile.ts'
import { endBrowserSignIn } from '../cognito-idp/sessions/end-browser-sign-in.ts'
import type { RequestSource } from '../cognito-idp/sessions/request-source.ts'
import { insertSamlSession } from '../cognito-idp/sessions/saml-session-store.ts'
import { MAX_VALIDITY_MINUTES, ssoSession, tracksSessions } from '../cognito-idp/sessions/session-config-rules.ts'
import { trackActivity, trackBrowser } from '../cognito-idp/sessions/track-session.ts'
import type { Place, Proof } from '../cognito-idp/sign-in/sign-in.ts'
import { codeRefusal, signInRefusal } from '../cognito-idp/sign-in/user-state-rules.ts'
import { findTokenUser, type SignInKey } from '../cognito-idp/tokens/revocation-store.ts'
import type { UserPool } from '../cognito-idp/user-pools/pool-store.ts'
import type { StoredUser } from '../cognito-idp/users/user-store.ts'
import type { Context } from '../context.ts'
import { isAlive } from '../effects/time-rules.ts'
import { newUuid } from '../effects/uuid.ts'
import { cookieHeader } from '../http/cookies.ts'
import type { PoolRequest } from './endpoint.ts'
import { limits } from './limits.ts'
import type { PoolDoor } from './pool-door.ts'
import type { Assurance } from './upstream/assurance-rules.ts'
import { hasWay } from './upstream/choose-provider.ts'

export interface BrowserSession {
  readonly id: string
  readonly userPoolId: string
  readonly sub: string
  /** `COGNITO`, or the identity provider that the user came from. */
  readonly provider: string
  /** The app client that the user signed in for. */
  readonly clientId: string
  readonly proofs: readonly Proof[]
  /** Of the passkey that was used (sign-in.ts). */
  readonly roaming?: true
  /** Of a user who came from an identity provider, where it says how the user has signed in there. */
  readonly assurance?: Assurance
  /** Of a user who came from a SAML provider. */
  readonly samlSession?: SamlSession
  /** Epoch seconds: when the last proof was given. */
  readonly authTime: number
  /** The user's password and token generation as they were. */
  readonly credentialSetAt: number
  readonly tokenGeneration: number
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

/** The name of Cognito's cookie. */
const COOKIE = 'cognito'
const PURPOSE = 'browser-session'
const LIFETIME_SECONDS = limits.browserSessionSeconds.max

/** A session of a user who has just signed in; recorded in pools that track sessions. */
export async function openBrowserSession(
  context: Context,
  { pool, client }: Place,
  user: StoredUser,
  of: Pick<BrowserSession, 'provider' | 'proofs' | 'roaming' | 'assurance' | 'samlSession'>,
  source: RequestSource,
): Promise<BrowserSession> {
  const now = context.clock.now()
  const session: BrowserSession = {
    id: newUuid(context.random),
    userPoolId: pool.id,
    sub: user.sub,
    clientId: client.clientId,
    ...of,
    authTime: Math.floor(now / 1000),
    credentialSetAt: user.credentialSetAt,
    tokenGeneration: user.tokenGeneration,
    expiresAt: now + lifetimeMs(pool),
  }
  await record(context, { pool, client }, session, source)
  const { id: sessionId, provider, samlSession, expiresAt } = session
  if (samlSession)
    await insertSamlSession(context.db, {
      sub: user.sub,
      userPoolId: pool.id,
      sessionId,
      provider,
      index: samlSession.index,
      expiresAt,
    })
  return session
}

/**
 * The session of a user who stays signed in here while every other session ends, or whose password is another one now.
 * Applications know it by the same id. The list of sessions, which signing out everywhere empties, has it again.
 */
export async function renewBrowserSession(
  context: Context,
  place: Place,
  before: BrowserSession,
  user: StoredUser,
  source: RequestSource,
): Promise<BrowserSession> {
  const { credentialSetAt, tokenGeneration } = user
  const session = { ...before, credentialSetAt, tokenGeneration }
  if (tokenGeneration === before.tokenGeneration) await trackActivity(context, place.pool, signInOf(session), source)
  else await record(context, place, session, source)
  return session
}

const signInOf = ({ userPoolId, sub, id: originJti }: BrowserSession): SignInKey => ({ userPoolId, sub, originJti })

/** Writes it into the list of sessions, in pools that track them. */
async function record(context: Context, { pool, client }: Place, session: BrowserSession, source: RequestSource) {
  const { id: originJti, sub, tokenGeneration, expiresAt } = session
  const { clientId } = client
  const tracked = { userPoolId: pool.id, sub, originJti, eventId: originJti, clientId, tokenGeneration, expiresAt }
  await trackBrowser(context, pool, tracked, source)
}

/** Where app clients say how long they take a session, it lives as long as any may say. */
const lifetimeMs = ({ settings }: UserPool): number =>
  tracksSessions(settings) ? MAX_VALIDITY_MINUTES.to * 60_000 : LIFETIME_SECONDS * 1000

/**
 * Whether an app client takes a session without asking the user again: of a user who came by a way that the client has, as an
 * administrator who leaves one out means to keep its users out. `now`: epoch milliseconds.
 */
export const takesSession = ({ pool, client }: Place, { authTime, provider }: BrowserSession, now: number): boolean =>
  hasWay(client, provider) &&
  now - authTime * 1000 <
    (tracksSessions(pool.settings) ? ssoSession(client.settings).MaxValidityMinutes * 60_000 : LIFETIME_SECONDS * 1000)

/** The cookie's Set-Cookie header. */
export const sessionCookie = (context: Pick<Context, 'sealer'>, door: PoolDoor, session: BrowserSession): string =>
  cookie(door, context.sealer.sealJson(PURPOSE, session, session.userPoolId), Math.floor(lifetimeMs(door.pool) / 1000))

/** The header that removes it. */
export const noSessionCookie = (door: PoolDoor): string => cookie(door, '', 0)

const cookie = (door: PoolDoor, value: string, maxAge: number): string =>
  cookieHeader({ name: COOKIE, value, path: door.path || '/', secure: isSecure(door), maxAge })

export const isSecure = ({ base }: Pick<PoolDoor, 'base'>): boolean => base.startsWith('https:')

/** The session that a browser has in a pool, with its user as they are now. One statement; none without a cookie. */
export async function findBrowserSession(
  context: Context,
  { pool, cookies }: Pick<PoolRequest, 'pool' | 'cookies'>,
): Promise<{ session: BrowserSession; user: StoredUser } | undefined> {
  const session = browserSessionOf(context, { pool, cookies })
  const now = context.clock.now()
  if (!session || !isAlive(session.expiresAt, lifetimeMs(pool), now)) return undefined
  const found = await findTokenUser(context.db, pool.id, session.sub, session.id)
  if (!found || found.revoked) return undefined
  const { user } = found
  if (codeRefusal(user) ?? signInRefusal(pool.settings, user, now)) return undefined
  const { credentialSetAt, tokenGeneration } = session
  const isSame = user.credentialSetAt === credentialSetAt && user.tokenGeneration === tokenGeneration
  return isSame ? { session, user } : undefined
}

/**
 * Ends the session of a browser, also for whoever has a copy of its cookie. With `sub` only the session of that user: another
 * user's stays.
 */
export async function endBrowserSession(
  context: Context,
  { pool, cookies }: Pick<PoolRequest, 'pool' | 'cookies'>,
  sub?: string,
): Promise<{ session: BrowserSession | undefined } | 'of another user'> {
  const session = browserSessionOf(context, { pool, cookies })
  if (session && sub !== undefined && sub !== session.sub) return 'of another user'
  if (session) await endBrowserSignIn(context, pool, signInOf(session), session.expiresAt)
  return { session }
}

/** What a browser's cookie says, whether the session still stands or not. */
export function browserSessionOf(
  context: Pick<Context, 'sealer'>,
  { pool, cookies }: Pick<PoolRequest, 'pool' | 'cookies'>,
): BrowserSession | undefined {
  const text = cookies.get(COOKIE)
  return text ? (context.sealer.openJson(PURPOSE, text, pool.id) as BrowserSession | undefined) : undefined
}
