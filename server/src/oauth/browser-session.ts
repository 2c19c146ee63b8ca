// A browser's session: who has signed in on a pool's pages, so that the next application needs no password (single sign-on).
// It is a sealed cookie; it ends after an hour, at /logout, when the user's password changes or the user is signed out
// everywhere. docs/reference/oauth-and-federation.md 9.
import type { Proof } from '../cognito-idp/sign-in/sign-in.ts'
import { spendId, wasSpent } from '../cognito-idp/sign-in/spent-id-store.ts'
import { codeRefusal, signInRefusal } from '../cognito-idp/sign-in/user-state-rules.ts'
import { findUserBySub, type StoredUser } from '../cognito-idp/users/user-store.ts'
import type { Context } from '../context.ts'
import { isAlive } from '../effects/time-rules.ts'
import { newUuid } from '../effects/uuid.ts'
import { cookieHeader } from '../http/cookies.ts'
import type { PoolRequest } from './endpoint.ts'
import { limits } from './limits.ts'
import type { PoolDoor } from './pool-door.ts'

export interface BrowserSession {
  readonly id: string
  readonly userPoolId: string
  readonly sub: string
  /** `COGNITO`, or the identity provider that the user came from. */
  readonly provider: string
  readonly proofs: readonly Proof[]
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

export function newBrowserSession(
  context: Context,
  user: StoredUser,
  of: Pick<BrowserSession, 'provider' | 'proofs'>,
): BrowserSession {
  const now = context.clock.now()
  return {
    id: newUuid(context.random),
    userPoolId: user.userPoolId,
    sub: user.sub,
    ...of,
    authTime: Math.floor(now / 1000),
    credentialSetAt: user.credentialSetAt,
    tokenGeneration: user.tokenGeneration,
    expiresAt: now + LIFETIME_SECONDS * 1000,
  }
}

/** The cookie's Set-Cookie header. */
export const sessionCookie = (context: Pick<Context, 'sealer'>, door: PoolDoor, session: BrowserSession): string =>
  cookie(door, context.sealer.sealJson(PURPOSE, session, session.userPoolId), LIFETIME_SECONDS)

/** The header that removes it. */
export const noSessionCookie = (door: PoolDoor): string => cookie(door, '', 0)

const cookie = (door: PoolDoor, value: string, maxAge: number): string =>
  cookieHeader({ name: COOKIE, value, path: door.path || '/', secure: isSecure(door), maxAge })

export const isSecure = ({ base }: Pick<PoolDoor, 'base'>): boolean => base.startsWith('https:')

/** The session that a browser has in a pool, with its user as they are now. Two statements at once; none without a cookie. */
export async function findBrowserSession(
  context: Context,
  { pool, cookies }: Pick<PoolRequest, 'pool' | 'cookies'>,
): Promise<{ session: BrowserSession; user: StoredUser } | undefined> {
  const session = readCookie(context, pool.id, cookies)
  if (!session || !isAlive(session.expiresAt, LIFETIME_SECONDS * 1000, context.clock.now())) return undefined
  const [user, ended] = await Promise.all([
    findUserBySub(context.db, pool.id, session.sub),
    wasSpent(context.db, session.id, pool.id),
  ])
  if (!user || ended || (codeRefusal(user) ?? signInRefusal(pool.settings, user, context.clock.now()))) return undefined
  const { credentialSetAt, tokenGeneration } = session
  const isSame = user.credentialSetAt === credentialSetAt && user.tokenGeneration === tokenGeneration
  return isSame ? { session, user } : undefined
}

/** Ends the session of a browser, also for whoever has a copy of its cookie. */
export async function endBrowserSession(
  context: Context,
  { pool, cookies }: Pick<PoolRequest, 'pool' | 'cookies'>,
): Promise<BrowserSession | undefined> {
  const session = readCookie(context, pool.id, cookies)
  if (session) await spendId(context.db, { id: session.id, userPoolId: pool.id, expiresAt: session.expiresAt })
  return session
}

function readCookie(
  context: Pick<Context, 'sealer'>,
  poolId: string,
  cookies: PoolRequest['cookies'],
): BrowserSession | undefined {
  const text = cookies.get(COOKIE)
  return text ? (context.sealer.openJson(PURPOSE, text, poolId) as BrowserSession | undefined) : undefined
}
