// Every statement on the table of authorization codes.
import type { Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import { insertStatement, rowStatement, statement } from '../../database/statement.ts'

const insertRow = insertStatement('authorization_codes')

export async function insertCode(db: Db, row: Schema['authorization_codes']): Promise<void> {
  await insertRow(db, row)
}

const rowOfHash = rowStatement((db, hash: string, userPoolId: string) =>
  db
    .selectFrom('authorization_codes')
    .select(['grant_sealed', 'redeemed', 'expires_at'])
    .where('code_hash', '=', hash)
    .where('user_pool_id', '=', userPoolId),
)

export const findCode = (
  db: Db,
  hash: string,
  userPoolId: string,
): Promise<Pick<Schema['authorization_codes'], 'grant_sealed' | 'redeemed' | 'expires_at'> | undefined> =>
  rowOfHash(db, hash, userPoolId)

const markRedeemed = statement((db, hash: string, userPoolId: string) =>
  db
    .updateTable('authorization_codes')
    .set({ redeemed: 1 })
    .where('code_hash', '=', hash)
    .where('user_pool_id', '=', userPoolId)
    .where('redeemed', '=', 0),
)

/** Compare-and-set: of concurrent requests with one code, one gets true. */
export async function redeemCode(db: Db, hash: string, userPoolId: string): Promise<boolean> {
  return (await markRedeemed(db, hash, userPoolId)).affected === 1
}
