// What a sign-in, a refresh and a sign-out write in pools that track sessions; in all others they write nothing.
// docs/reference/user-pools.md 12.8.
import type { Context } from '../../context.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import type { Db } from '../../database/database.ts'
import { signedOut } from '../../events.ts'
import { limits } from '../limits.ts'
import type { RefreshToken } from '../tokens/refresh-token.ts'
import { refreshTokenExpiry, revokeSignIn, type SignInKey } from '../tokens/revocation-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { touchUser } from '../users/user-store.ts'
import { deviceType } from './device-type.ts'
import { noteRefreshUse, signInOf } from './idle.ts'
import { logoutNotices } from './logout-notices.ts'
import type { RequestSource } from './request-source.ts'
import type { SessionApp } from './session-app-store.ts'
import { sessionConfiguration, tracksSessions } from './session-config-rules.ts'
import { makeRoom } from './session-rules.ts'
import {
  deleteSession,
  deleteSessions,
  findSessions,
  insertSession,
  noteActivity,
  type UserSession,
} from './user-session-store.ts'

export interface TrackedSignIn extends SignInKey, Pick<UserSession, 'parentId'> {
  readonly eventId: string
  readonly clientId: string
  readonly tokenGeneration: number
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

/** Records a sign-in; where its user has MaxPerUser sessions, the least recently used one ends for it. */
export async function trackSignIn(
  context: Context,
  pool: UserPool,
  signIn: TrackedSignIn,
  source: RequestSource,
): Promise<void> {
  if (!tracksSessions(pool.settings)) return
  const { MaxPerUser } = sessionConfiguration(pool.settings).TokenSession
  await track(context, pool, { ...signIn, type: 'TOKEN' }, { source, max: MaxPerUser })
}

/**
 * Records that a browser has signed in on the pool's pages, or goes on after its user has signed out everywhere else; the least
 * recently used one ends where there are too many for the list.
 */
export async function trackBrowser(
  context: Context,
  pool: UserPool,
  session: Omit<TrackedSignIn, 'parentId'>,
  source: RequestSource,
): Promise<void> {
  if (!tracksSessions(pool.settings)) return
  const { max } = limits.browserSessionsPerUser
  await track(context, pool, { ...session, parentId: undefined, type: 'SSO' }, { source, max })
}

async function track(
  context: Context,
  pool: UserPool,
  tracked: TrackedSignIn & Pick<UserSession, 'type'>,
  { source, max }: { source: RequestSource; max: number },
): Promise<void> {
  const now = context.clock.now()
  const session: UserSession = { ...tracked, ...shownSource(source), createdAt: now, lastActiveAt: now }
  const evicted = await withRetries(() =>
    context.database.transaction(async (db) => {
      // The user's row first: sign-ins of one user wait for each other there, and each then reads what the others wrote.
      if (!(await touchUser(db, pool.id, session.sub))) return []
      const all = await findSessions(db, pool.id, session.sub)
      // The same browser, where two of its requests have signed out everywhere else.
      const others = all.filter(({ originJti }) => originJti !== session.originJti)
      for (const before of all) if (!others.includes(before)) await deleteSession(db, before)
      const room = makeRoom(others, session.type, max, now)
      for (const ended of room.ended) await deleteSession(db, ended)
      for (const least of room.evicted) await endSession(context, pool, db, least)
      await insertSession(db, session)
      return room.evicted
    }),
  )
  for (const { sub } of evicted) signedOut(context, { pool: pool.id, sub, from: 'one sign-in', by: 'session limit' })
}

/** Records a refresh, for the list of sessions and for the idle time-out. */
export async function trackRefresh(
  context: Context,
  pool: UserPool,
  token: RefreshToken,
  source: RequestSource,
): Promise<void> {
  await noteRefreshUse(context, pool, token)
  await trackActivity(context, pool, signInOf(token), source)
}

/** Records that a session is in use, for the list of sessions. */
export async function trackActivity(
  context: Pick<Context, 'db' | 'clock'>,
  pool: UserPool,
  key: SignInKey,
  source: RequestSource,
): Promise<void> {
  if (!tracksSessions(pool.settings)) return
  await noteActivity(context.db, { ...key, ...shownSource(source), lastActiveAt: context.clock.now() })
}

/**
 * The statements that remove every session of a user who is signed out everywhere, and have applications told; undefined where
 * none is needed. They go into the transaction that raises the token generation.
 */
export function forgetSessions(
  context: Pick<Context, 'clock'>,
  pool: UserPool,
  sub: string,
): ((db: Db) => Promise<void>) | undefined {
  const tell = logoutNotices(context, { pool, sub })
  if (!tracksSessions(pool.settings)) return tell
  return async (db) => {
    await deleteSessions(db, pool.id, sub)
    await tell?.(db)
  }
}

/**
 * Ends a session with all of its tokens, and has its applications told. Run it in a transaction. Throws Stale when it has been
 * active since it was read.
 */
export async function endSession(
  context: Pick<Context, 'clock'>,
  pool: UserPool,
  db: Db,
  session: UserSession,
): Promise<void> {
  if (!(await deleteSession(db, session))) throw new Stale()
  await revokeSignIn(db, session, refreshTokenExpiry(session.expiresAt))
  const { sub, originJti, parentId, clientId } = session
  // Of a session of a browser all applications, of one of an application this one.
  const ends = (app: SessionApp): boolean =>
    app.sessionId === originJti || (app.sessionId === parentId && app.clientId === clientId)
  await logoutNotices(context, { pool, sub, ends })?.(db)
}

const shownSource = ({ address, userAgent }: RequestSource): Pick<UserSession, 'address' | 'deviceType'> => ({
  address,
  deviceType: deviceType(userAgent),
})
