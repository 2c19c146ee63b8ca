// Statements that end tokens and that ask whether they have ended.

import { affectedRows, type Db } from '../../database/database.ts'
import { rowStatement } from '../../database/statement.ts'
import { membershipsOf } from '../groups/group-store.ts'
import { type StoredUser, userFromRow } from '../users/user-store.ts'

/** A sign-in of a user: what a revocation ends and a rotation carries on. */
export interface SignInKey {
  userPoolId: string
  sub: string
  originJti: string
}

/** Ends every token of one sign-in. `expiresAt`: when the last of them would have expired by itself. */
export async function revokeSignIn(
  db: Db,
  { sub, userPoolId, originJti }: SignInKey,
  expiresAt: number,
): Promise<void> {
  await db
    .insertInto('revoked_sign_ins')
    .values({ user_sub: sub, user_pool_id: userPoolId, origin_jti: originJti, expires_at: expiresAt })
    .onConflict((conflict) => conflict.columns(['user_sub', 'user_pool_id', 'origin_jti']).doNothing())
    .execute()
}

const tokenUser = rowStatement((db, originJti: string, sub: string, userPoolId: string) =>
  db
    .selectFrom('users')
    .leftJoin('revoked_sign_ins', (join) =>
      join
        .onRef('revoked_sign_ins.user_sub', '=', 'users.user_sub')
        .onRef('revoked_sign_ins.user_pool_id', '=', 'users.user_pool_id')
        .on('revoked_sign_ins.origin_jti', '=', originJti),
    )
    .selectAll('users')
    .select('revoked_sign_ins.expires_at as revoked_until')
    .where('users.user_sub', '=', sub)
    .where('users.user_pool_id', '=', userPoolId),
)

/** The user of a token, and whether the token's sign-in was revoked: one round trip for every call with a token. */
export async function findTokenUser(
  db: Db,
  userPoolId: string,
  sub: string,
  originJti: string,
): Promise<{ user: StoredUser; revoked: boolean } | undefined> {
  const row = await tokenUser(db, originJti, sub, userPoolId)
  return row && { user: userFromRow(row), revoked: row.revoked_until !== null }
}

const refreshState = rowStatement((db, originJti: string, sub: string, userPoolId: string) =>
  db
    .selectFrom('users')
    .leftJoin('revoked_sign_ins', (join) =>
      join
        .onRef('revoked_sign_ins.user_sub', '=', 'users.user_sub')
        .onRef('revoked_sign_ins.user_pool_id', '=', 'users.user_pool_id')
        .on('revoked_sign_ins.origin_jti', '=', originJti),
    )
    .leftJoin('refresh_families', (join) =>
      join
        .onRef('refresh_families.user_sub', '=', 'users.user_sub')
        .onRef('refresh_families.user_pool_id', '=', 'users.user_pool_id')
        .on('refresh_families.origin_jti', '=', originJti),
    )
    .selectAll('users')
    .select([
      'revoked_sign_ins.expires_at as revoked_until',
      'refresh_families.generation as rotation',
      'refresh_families.rotated_at as rotated_at',
    ])
    .select((eb) => eb.exists(membershipsOf(db, sub, userPoolId)).as('is_member'))
    .where('users.user_sub', '=', sub)
    .where('users.user_pool_id', '=', userPoolId),
)

/** What a refresh asks for: `family` is which rotation of the sign-in's token is current, undefined before the first. */
export interface FoundRefreshState {
  user: StoredUser
  revoked: boolean
  /** False: the user is in no group. */
  inGroups: boolean
  family: { generation: number; rotatedAt: number } | undefined
}

/** The user of a refresh token with all that may have happened to its sign-in: one round trip. */
export async function findRefreshState(
  db: Db,
  { sub, userPoolId, originJti }: SignInKey,
): Promise<FoundRefreshState | undefined> {
  const row = await refreshState(db, originJti, sub, userPoolId)
  if (!row) return undefined
  const { rotation, rotated_at: rotatedAt } = row
  return {
    user: userFromRow(row),
    revoked: row.revoked_until !== null,
    inGroups: Boolean(row.is_member),
    family: rotation === null || rotatedAt === null ? undefined : { generation: rotation, rotatedAt },
  }
}

/** Makes `generation + 1` current if `generation` still is; false when another request was first. */
export async function rotateRefreshFamily(
  db: Db,
  { sub, userPoolId, originJti }: SignInKey,
  { generation, expiresAt }: { generation: number; expiresAt: number },
  now: number,
): Promise<boolean> {
  const next = { generation: generation + 1, rotated_at: now }
  if (generation === 0) {
    const inserted = await db
      .insertInto('refresh_families')
      .values({ user_sub: sub, user_pool_id: userPoolId, origin_jti: originJti, expires_at: expiresAt, ...next })
      .onConflict((conflict) => conflict.columns(['user_sub', 'user_pool_id', 'origin_jti']).doNothing())
      .executeTakeFirst()
    return affectedRows(inserted) === 1
  }
  const updated = await db
    .updateTable('refresh_families')
    .set(next)
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('origin_jti', '=', originJti)
    .where('generation', '=', generation)
    .executeTakeFirst()
  return affectedRows(updated) === 1
}

/** When what a refresh token brought forth has surely expired: a day after the token itself, the longest an access token lives. */
export const refreshTokenExpiry = (expiresAt: number): number => expiresAt + 24 * 60 * 60 * 1000
