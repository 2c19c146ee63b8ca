// Every statement on the table of keys that pools sign SAML requests with.
import { affectedRows, type Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'

export type SamlKeyRow = Schema['saml_signing_keys']

export const findSamlKey = (db: Db, userPoolId: string): Promise<SamlKeyRow | undefined> =>
  db.selectFrom('saml_signing_keys').selectAll().where('user_pool_id', '=', userPoolId).executeTakeFirst()

/** Writes the key of a pool; false when it has one. */
export async function insertSamlKey(db: Db, row: SamlKeyRow): Promise<boolean> {
  const result = await db
    .insertInto('saml_signing_keys')
    .values(row)
    .onConflict((conflict) => conflict.column('user_pool_id').doNothing())
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Puts a newer certificate of the same key in the place of the one of `before`. */
export async function renewCertificate(
  db: Db,
  before: SamlKeyRow,
  renewed: Pick<SamlKeyRow, 'certificate' | 'certified_at'>,
): Promise<void> {
  await db
    .updateTable('saml_signing_keys')
    .set(renewed)
    .where('user_pool_id', '=', before.user_pool_id)
    .where('certified_at', '=', before.certified_at)
    .execute()
}
