// Every statement on the table of codes.
import { affectedRows, type Db } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'

export interface CodeKey {
  userPoolId: string
  sub: string
  purpose: string
}

export type CodeRow = Schema['codes']

/** Writes a code in place of any earlier one of the same user and purpose. */
export async function replaceCode(db: Db, row: CodeRow): Promise<void> {
  const { code_mac, attribute, value_sealed, created_at, expires_at } = row
  await db
    .insertInto('codes')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['user_sub', 'user_pool_id', 'purpose'])
        .doUpdateSet({ code_mac, attribute, value_sealed, created_at, expires_at }),
    )
    .execute()
}

export const findCode = (db: Db, key: CodeKey): Promise<CodeRow | undefined> =>
  db
    .selectFrom('codes')
    .selectAll()
    .where('user_sub', '=', key.sub)
    .where('user_pool_id', '=', key.userPoolId)
    .where('purpose', '=', key.purpose)
    .executeTakeFirst()

/** Removes exactly this code; false when it was used or replaced meanwhile. */
export async function spendCode(db: Db, row: CodeRow): Promise<boolean> {
  const result = await db
    .deleteFrom('codes')
    .where('user_sub', '=', row.user_sub)
    .where('user_pool_id', '=', row.user_pool_id)
    .where('purpose', '=', row.purpose)
    .where('code_mac', '=', row.code_mac)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Removes every code of a user that went to this attribute, whatever it is for. */
export async function deleteCodesTo(
  db: Db,
  user: Pick<CodeKey, 'userPoolId' | 'sub'>,
  attribute: string,
): Promise<void> {
  await db
    .deleteFrom('codes')
    .where('user_sub', '=', user.sub)
    .where('user_pool_id', '=', user.userPoolId)
    .where('attribute', '=', attribute)
    .execute()
}
