// Every statement on the table of signing keys.
import type { Db } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'

export type SigningKeyRow = Schema['signing_keys']

export const listSigningKeys = (db: Db, userPoolId: string): Promise<SigningKeyRow[]> =>
  db.selectFrom('signing_keys').selectAll().where('user_pool_id', '=', userPoolId).execute()

/** Writes a key unless its generation exists already. */
export async function insertSigningKey(db: Db, row: SigningKeyRow): Promise<void> {
  await db
    .insertInto('signing_keys')
    .values(row)
    .onConflict((conflict) => conflict.columns(['user_pool_id', 'use', 'generation']).doNothing())
    .execute()
}
