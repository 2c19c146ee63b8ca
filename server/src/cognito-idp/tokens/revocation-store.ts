// Statements on revoked sign-ins and on the rotation of refresh tokens. The rules are in sign-in/rotation-rules.ts and
// user-pool-token.ts. Signing out everywhere writes nothing here: it raises the user's token generation
// (sign-in-id.ts).

import { affectedRows, type Db } from '../../database/database.ts'
import { rowStatement } from '../../database/statement.ts'
import { membershipsOf } from '../groups/group-store.ts'
import { type StoredUser, userFromRow } from '../users/user-store.ts'

/** The sign-in that a revocation or rotation is about. */
export interface SignInKey {
  userPoolId: string
  sub: string
  originJti: string
}

/** Revokes every token of one sign-in. `expiresAt`: when the last of them expires by itself; the row may go then. */
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

/** Whether a sign-in was revoked, or, with the key of a device in place of `originJti`, a device forgotten. */
export async function isRevoked(db: Db, { sub, userPoolId, originJti }: SignInKey): Promise<boolean> {
  const row = await db
    .selectFrom('revoked_sign_ins')
    .select('expires_at')
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('origin_jti', '=', originJti)
    .executeTakeFirst()
  return row !== undefined
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

// `devices`: the key of the token's device, if it has one.
const refreshState = rowStatement((db, originJti: string, sub: string, userPoolId: string, ...devices: string[]) =>
  db
    .selectFrom('users')
    .leftJoin('revoked_sign_ins', (join) =>
      join
        .onRef('revoked_sign_ins.user_sub', '=', 'users.user_sub')
        .onRef('revoked_sign_ins.user_pool_id', '=', 'users.user_pool_id')
        .on('revoked_sign_ins.origin_jti', 'in', [originJti, ...devices]),
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

/** What a refresh reads. `family`: the current rotation of the sign-in's refresh token; undefined before the first. */
export interface FoundRefreshState {
  user: StoredUser
  revoked: boolean
  /** False when the user is in no group, so that the groups need not be read. */
  inGroups: boolean
  family: { generation: number; rotatedAt: number } | undefined
}

/** The user of a refresh token, with revocation and rotation of its sign-in and its device: one round trip. */
export async function findRefreshState(
  db: Db,
  { sub, userPoolId, originJti, deviceKey }: SignInKey & { deviceKey?: string },
): Promise<FoundRefreshState | undefined> {
  const row = await refreshState(db, originJti, sub, userPoolId, ...(deviceKey === undefined ? [] : [deviceKey]))
  if (!row) return undefined
  const { rotation, rotated_at: rotatedAt } = row
  return {
    user: userFromRow(row),
    revoked: row.revoked_until !== null,
    inGroups: Boolean(row.is_member),
    family: rotation === null || rotatedAt === null ? undefined : { generation: rotation, rotatedAt },
  }
}

/** Compare-and-set: makes `generation + 1` current if `generation` still is; false when another request was first. */
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

/**
 * When every token obtained with a refresh token has expired: a day after the refresh token itself, as a day is the
 * longest lifetime of an access token. Epoch milliseconds.
 */
export const refreshTokenExpiry = (expiresAt: number): number => expiresAt + 24 * 60 * 60 * 1000
