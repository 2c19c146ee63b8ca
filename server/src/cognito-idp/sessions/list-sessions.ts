// What ListUserSessions and AdminListUserSessions share: the live sessions of a user, the last active first
// (docs/reference/user-pools.md 12.8). There is one page, as no user has more than MaxPerUser and 25 of browsers.
import type { Place } from '../../addresses/places.ts'
import type { Context } from '../../context.ts'
import type { SessionDescriptionType } from '../../contract/cognito-idp.types.ts'
import { fail } from '../../operation.ts'
import { positionOf } from '../../pagination.ts'
import { enforce } from '../../refusal-rules.ts'
import { refreshIdleMs } from '../tags/cognomen-tag-rules.ts'
import { accessTokenSeconds } from '../tokens/lifetimes.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { trackingRefusal } from './session-config-rules.ts'
import { isLeft, isLive } from './session-rules.ts'
import { findSessions, type UserSession } from './user-session-store.ts'

interface Asked {
  pool: UserPool
  sub: string
  /** Claim event_id of the caller's own token. */
  current?: string | undefined
  token: string | undefined
}

/** Throws InvalidParameterException in a pool that does not track sessions, and for a page token: none is ever given. */
export async function listSessions(
  context: Context,
  { pool, sub, current, token }: Asked,
): Promise<SessionDescriptionType[]> {
  enforce(fail, trackingRefusal(pool.settings))
  positionOf(context, { operation: 'ListUserSessions', request: [pool.id, sub] }, token)
  const now = context.clock.now()
  const live = (await findSessions(context.db, pool.id, sub)).filter((session) => isLive(session, now))
  const idleMs = refreshIdleMs(pool.settings)
  const shown: UserSession[] = []
  for (const session of live) {
    const client = await context.userPools.client(session.clientId)
    // Tokens of a client that was deleted are good for nothing.
    if (client === undefined) continue
    const accessTokenMs = accessTokenSeconds(client.settings) * 1000
    if (!isLeft(session, { idleMs, accessTokenMs }, now)) shown.push(session)
  }
  return shown
    .sort((one, other) => other.lastActiveAt - one.lastActiveAt || other.createdAt - one.createdAt)
    .map((session) => sessionDescription(session, context.addresses.placeOf(session.address), current))
}

const sessionDescription = (
  session: UserSession,
  { city, country }: Place,
  current: string | undefined,
): SessionDescriptionType => ({
  SessionId: session.originJti,
  SessionType: session.type,
  ClientId: session.clientId,
  CreateDate: new Date(session.createdAt),
  LastActiveDate: new Date(session.lastActiveAt),
  DeviceType: session.deviceType,
  ...(session.address !== undefined && { LastIPAddress: session.address }),
  ...(session.parentId !== undefined && { OriginSessionId: session.parentId }),
  ...((city ?? country) !== undefined && {
    LastLocation: { ...(city !== undefined && { City: city }), ...(country !== undefined && { Country: country }) },
  }),
  IsCurrentSession: session.eventId === current,
})
