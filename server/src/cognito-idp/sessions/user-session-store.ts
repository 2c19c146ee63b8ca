// Every statement on the sessions of users: a row for each sign-in, in pools that track sessions. Which of them are live,
// and which one has to go, is session-rules.ts.
import type { Db } from '../../database/database.ts'
import { insertStatement, statement } from '../../database/statement.ts'

/**
 * A sign-in of an application (TOKEN) or of a browser on the pool's pages (SSO), found by its origin_jti, which is its
 * SessionId as well: that of a browser has an id of the same form. Times are epoch milliseconds.
 */
export interface UserSession {
  readonly sub: string
  readonly userPoolId: string
  readonly originJti: string
  /** Claim event_id of its tokens: which session a token belongs to, also where it has no origin_jti. */
  readonly eventId: string
  readonly clientId: string
  readonly tokenGeneration: number
  readonly deviceType: string
  readonly address: string | undefined
  readonly type: 'TOKEN' | 'SSO'
  /** Of a sign-in of an application by a browser: the browser's session. */
  readonly parentId: string | undefined
  readonly createdAt: number
  readonly lastActiveAt: number
  /** When its refresh token, or the browser's session, expires. */
  readonly expiresAt: number
}

/** With what ends a session without its row: a revocation, a later token generation of its user, another password. */
export interface FoundSession extends UserSession {
  readonly revoked: boolean
  readonly currentGeneration: number
  /** When the user's password was set (epoch milliseconds). */
  readonly passwordSetAt: number
}

const insertRow = insertStatement('user_sessions')

export async function insertSession(db: Db, session: UserSession): Promise<void> {
  await insertRow(db, {
    user_sub: session.sub,
    user_pool_id: session.userPoolId,
    origin_jti: session.originJti,
    event_id: session.eventId,
    client_id: session.clientId,
    token_generation: session.tokenGeneration,
    device_type: session.deviceType,
    address: session.address ?? null,
    session_type: session.type,
    parent_id: session.parentId ?? null,
    created_at: session.createdAt,
    last_active_at: session.lastActiveAt,
    expires_at: session.expiresAt,
  })
}

const rowsOfUser = statement((db, sub: string, userPoolId: string) =>
  db
    .selectFrom('user_sessions')
    .innerJoin('users', (join) =>
      join
        .onRef('users.user_sub', '=', 'user_sessions.user_sub')
        .onRef('users.user_pool_id', '=', 'user_sessions.user_pool_id'),
    )
    .leftJoin('revoked_sign_ins', (join) =>
      join
        .onRef('revoked_sign_ins.user_sub', '=', 'user_sessions.user_sub')
        .onRef('revoked_sign_ins.user_pool_id', '=', 'user_sessions.user_pool_id')
        .onRef('revoked_sign_ins.origin_jti', '=', 'user_sessions.origin_jti'),
    )
    .selectAll('user_sessions')
    .select([
      'users.token_generation as current_generation',
      'users.credential_set_at as password_set_at',
      'revoked_sign_ins.expires_at as revoked_until',
    ])
    .where('user_sessions.user_sub', '=', sub)
    .where('user_sessions.user_pool_id', '=', userPoolId),
)

/** Every stored session of a user, also those that have ended: no more than the pool's MaxPerUser are live. */
export async function findSessions(db: Db, userPoolId: string, sub: string): Promise<FoundSession[]> {
  const { rows } = await rowsOfUser(db, sub, userPoolId)
  return rows.map((row) => ({
    sub: row.user_sub,
    userPoolId: row.user_pool_id,
    originJti: row.origin_jti,
    eventId: row.event_id,
    clientId: row.client_id,
    tokenGeneration: row.token_generation,
    deviceType: row.device_type,
    address: row.address ?? undefined,
    type: row.session_type,
    parentId: row.parent_id ?? undefined,
    createdAt: row.created_at,
    lastActiveAt: row.last_active_at,
    expiresAt: row.expires_at,
    revoked: row.revoked_until !== null,
    currentGeneration: row.current_generation,
    passwordSetAt: row.password_set_at,
  }))
}

const updateActivity = statement(
  (db, originJti: string, sub: string, userPoolId: string, now: number, address: string | null, deviceType: string) =>
    db
      .updateTable('user_sessions')
      .set({ last_active_at: now, address, device_type: deviceType })
      .where('user_sub', '=', sub)
      .where('user_pool_id', '=', userPoolId)
      .where('origin_jti', '=', originJti),
)

/** Notes a refresh; a session without a row, of a sign-in before the pool tracked sessions, stays without one. */
export async function noteActivity(
  db: Db,
  session: Pick<UserSession, 'sub' | 'userPoolId' | 'originJti' | 'lastActiveAt' | 'address' | 'deviceType'>,
): Promise<void> {
  const { sub, userPoolId, originJti, lastActiveAt, address, deviceType } = session
  await updateActivity(db, originJti, sub, userPoolId, lastActiveAt, address ?? null, deviceType)
}

const deleteRow = statement((db, originJti: string, sub: string, userPoolId: string, lastActiveAt: number) =>
  db
    .deleteFrom('user_sessions')
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('origin_jti', '=', originJti)
    .where('last_active_at', '=', lastActiveAt),
)

/** Compare-and-delete: false when the session has been active since it was read, or is gone. */
export async function deleteSession(
  db: Db,
  { sub, userPoolId, originJti, lastActiveAt }: UserSession,
): Promise<boolean> {
  return (await deleteRow(db, originJti, sub, userPoolId, lastActiveAt)).affected === 1
}

const deleteRowsOfUser = statement((db, sub: string, userPoolId: string) =>
  db.deleteFrom('user_sessions').where('user_sub', '=', sub).where('user_pool_id', '=', userPoolId),
)

export async function deleteSessions(db: Db, userPoolId: string, sub: string): Promise<void> {
  await deleteRowsOfUser(db, sub, userPoolId)
}
