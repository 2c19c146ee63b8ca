// Every statement on the table of custom sign-ins.
import type { Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import { insertStatement, rowStatement } from '../../database/statement.ts'

const insertRow = insertStatement('custom_sign_ins')

export async function insertCustomState(db: Db, row: Schema['custom_sign_ins']): Promise<void> {
  await insertRow(db, row)
}

const rowOfId = rowStatement((db, id: string, userPoolId: string) =>
  db.selectFrom('custom_sign_ins').select('state_sealed').where('id', '=', id).where('user_pool_id', '=', userPoolId),
)

/** The sealed state of an id; undefined once its row is purged. */
export async function findCustomState(db: Db, id: string, userPoolId: string): Promise<string | undefined> {
  return (await rowOfId(db, id, userPoolId))?.state_sealed
}
