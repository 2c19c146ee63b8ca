// Every statement on the table of custom sign-ins.
import type { Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import { insertStatement, rowStatement } from '../../database/statement.ts'

const insertRow = insertStatement('custom_sign_ins')

export async function insertCustomState(db: Db, row: Schema['custom_sign_ins']): Promise<void> {
  await insertRow(db, row)
}

/** The row of an id; undefined once it is purged. */
export const findCustomState = rowStatement((db, id: string, userPoolId: string) =>
  db.selectFrom('custom_sign_ins').select('state_sealed').where('id', '=', id).where('user_pool_id', '=', userPoolId),
)
