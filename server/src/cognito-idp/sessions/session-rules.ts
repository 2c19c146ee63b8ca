// Which sessions are live, and which have to go for a new one. Pure. docs/reference/user-pools.md 12.8.
import type { RevokeAssociatedSessionsType } from '../../contract/cognito-idp.types.ts'
import { ageOf } from '../../effects/time-rules.ts'
import type { FoundSession } from './user-session-store.ts'

/**
 * Whether the session's refresh token, or the browser's cookie, could still be used. A password that changes ends the sessions
 * of browsers, but for the one that goes on with it (oauth/browser-session.ts). `now`: epoch milliseconds.
 */
export const isLive = (session: FoundSession, now: number): boolean =>
  !session.revoked &&
  session.tokenGeneration === session.currentGeneration &&
  session.expiresAt > now &&
  (session.type === 'TOKEN' || session.lastActiveAt >= session.passwordSetAt)

/**
 * Whether nothing of an application's session is good any more as it was left unused: its refresh token, after `idleMs` where a
 * pool has such a bound, and its last access token, which lives for `accessTokenMs`. `now`: epoch milliseconds.
 */
export const isLeft = (
  { type, lastActiveAt }: FoundSession,
  { idleMs, accessTokenMs }: { idleMs: number | undefined; accessTokenMs: number },
  now: number,
): boolean => type === 'TOKEN' && idleMs !== undefined && ageOf(lastActiveAt, now) >= Math.max(idleMs, accessTokenMs)

/**
 * What makes room for one more session of a type, of which a user has at most `max`: `ended` are over already, `evicted` are the
 * least recently used ones of those that are live.
 */
export function makeRoom(
  sessions: readonly FoundSession[],
  type: FoundSession['type'],
  max: number,
  now: number,
): { ended: FoundSession[]; evicted: FoundSession[] } {
  const live = sessions.filter((session) => session.type === type && isLive(session, now))
  const oldestFirst = live.sort(
    (one, other) => one.lastActiveAt - other.lastActiveAt || one.createdAt - other.createdAt,
  )
  return {
    ended: sessions.filter((session) => !isLive(session, now)),
    evicted: oldestFirst.slice(0, Math.max(0, live.length - max + 1)),
  }
}

/** A session with those that end with it: the browser's of an application's, and all applications' of a browser's. */
export const withAssociated = (
  session: FoundSession,
  all: readonly FoundSession[],
  which: RevokeAssociatedSessionsType | undefined,
): FoundSession[] =>
  which === 'LINKED'
    ? [session, ...all.filter((other) => other.parentId === session.originJti || other.originJti === session.parentId)]
    : [session]
