// Every statement on the table of recovery codes.
import { affectedRows, type Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'

/** Whose codes they are. */
export interface Owner {
  readonly userPoolId: string
  readonly sub: string
}

export type RecoveryCodeRow = Schema['recovery_codes']

/** The codes of a user that are not used yet: at most as many as the pool's tag allowed when they were made. */
export const findRecoveryCodes = (db: Db, { sub, userPoolId }: Owner): Promise<RecoveryCodeRow[]> =>
  db
    .selectFrom('recovery_codes')
    .selectAll()
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .execute()

/**
 * Writes a set of codes in place of all that the user had. Run it in a transaction that writes the user's row as well, so
 * that no code outlives its user.
 */
export async function replaceRecoveryCodes(db: Db, owner: Owner, rows: readonly RecoveryCodeRow[]): Promise<void> {
  await deleteRecoveryCodes(db, owner)
  await db.insertInto('recovery_codes').values(rows).execute()
}

/** Removes exactly this code; false when it was used or replaced since it was read. */
export async function spendRecoveryCode(db: Db, row: RecoveryCodeRow): Promise<boolean> {
  const result = await db
    .deleteFrom('recovery_codes')
    .where('user_sub', '=', row.user_sub)
    .where('user_pool_id', '=', row.user_pool_id)
    .where('code_id', '=', row.code_id)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Removes all codes of a user, and says whether there were any. */
export async function deleteRecoveryCodes(db: Db, { sub, userPoolId }: Owner): Promise<boolean> {
  const result = await db
    .deleteFrom('recovery_codes')
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .executeTakeFirst()
  return affectedRows(result) > 0
}
