// Every statement on the table of codes.
import { affectedRows, type Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import { insertStatement } from '../../database/statement.ts'
import { limits } from '../../effects/limits.ts'

export interface CodeKey {
  userPoolId: string
  sub: string
  purpose: string
}

export type CodeRow = Schema['codes']

const upsertCode = insertStatement('codes', (insert) =>
  insert.onConflict((conflict) =>
    conflict.columns(['user_sub', 'user_pool_id', 'purpose']).doUpdateSet(({ ref }) => ({
      code_mac: ref('excluded.code_mac'),
      attribute: ref('excluded.attribute'),
      value_sealed: ref('excluded.value_sealed'),
      created_at: ref('excluded.created_at'),
      expires_at: ref('excluded.expires_at'),
      tries: ref('excluded.tries'),
    })),
  ),
)

/** Writes a code in place of any earlier one of the same user and purpose. */
export async function replaceCode(db: Db, row: CodeRow): Promise<void> {
  await upsertCode(db, row)
}

export const findCode = (db: Db, key: CodeKey): Promise<CodeRow | undefined> =>
  db
    .selectFrom('codes')
    .selectAll()
    .where('user_sub', '=', key.sub)
    .where('user_pool_id', '=', key.userPoolId)
    .where('purpose', '=', key.purpose)
    .executeTakeFirst()

/**
 * Counts a try at the code, in one statement and before the try is evaluated, so that concurrent requests get the row
 * at most `mostTries` times. Undefined when the user has no code for the purpose, or it has expired, is used up, or was made
 * while the clock was ahead.
 */
export const countTry = (db: Db, key: CodeKey, now: number, mostTries: number): Promise<CodeRow | undefined> =>
  db
    .updateTable('codes')
    .set((row) => ({ tries: row('tries', '+', 1) }))
    .where('user_sub', '=', key.sub)
    .where('user_pool_id', '=', key.userPoolId)
    .where('purpose', '=', key.purpose)
    .where('expires_at', '>', now)
    .where('created_at', '<=', now + limits.clockAhead.max)
    .where('tries', '<', mostTries)
    .returningAll()
    .executeTakeFirst()

/** Uncounts a try that was right. Does nothing when a newer code has replaced this one. */
export async function giveTryBack(db: Db, row: CodeRow): Promise<void> {
  await db
    .updateTable('codes')
    .set((columns) => ({ tries: columns('tries', '-', 1) }))
    .where('user_sub', '=', row.user_sub)
    .where('user_pool_id', '=', row.user_pool_id)
    .where('purpose', '=', row.purpose)
    .where('value_sealed', '=', row.value_sealed)
    .execute()
}

/**
 * Removes exactly this code; false when it was used or replaced since it was read. Codes are told apart by the sealed
 * value, which is never sealed twice to the same text; two codes with the same digits have the same MAC.
 */
export async function spendCode(db: Db, row: CodeRow): Promise<boolean> {
  const result = await db
    .deleteFrom('codes')
    .where('user_sub', '=', row.user_sub)
    .where('user_pool_id', '=', row.user_pool_id)
    .where('purpose', '=', row.purpose)
    .where('value_sealed', '=', row.value_sealed)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Removes every code of a user that was sent to this attribute, for any purpose. */
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
