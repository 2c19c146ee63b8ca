// All statements on the table signing_keys.
import { affectedRows, type Db } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'

export type SigningKeyRow = Schema['signing_keys']

export const listSigningKeys = (db: Db, userPoolId: string): Promise<SigningKeyRow[]> =>
  db.selectFrom('signing_keys').selectAll().where('user_pool_id', '=', userPoolId).execute()

/** `expires_at` of a key without a successor. */
const NEVER = Number.MAX_SAFE_INTEGER

/**
 * Inserts a key unless another process inserted its generation first, and sets the expiry of the older keys of its use
 * to `olderExpireAt` (epoch milliseconds) at the latest.
 */
export async function insertSigningKey(
  db: Db,
  key: Omit<SigningKeyRow, 'expires_at'>,
  olderExpireAt: number,
): Promise<void> {
  const result = await db
    .insertInto('signing_keys')
    .values({ ...key, expires_at: NEVER })
    .onConflict((conflict) => conflict.columns(['user_pool_id', 'use', 'generation']).doNothing())
    .executeTakeFirst()
  if (affectedRows(result) === 0) return
  await db
    .updateTable('signing_keys')
    .set({ expires_at: olderExpireAt })
    .where('user_pool_id', '=', key.user_pool_id)
    .where('use', '=', key.use)
    .where('generation', '<', key.generation)
    .where('expires_at', '>', olderExpireAt)
    .execute()
}
