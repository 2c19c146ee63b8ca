// Every statement on the table of ids that are good once.
import { affectedRows, type Db } from '../../database/database.ts'

/** Notes that an id was used; false when it was used before. The note may go when the id has expired anyway. */
export async function spendId(db: Db, spent: { id: string; userPoolId: string; expiresAt: number }): Promise<boolean> {
  const result = await db
    .insertInto('spent_ids')
    .values({ id: spent.id, user_pool_id: spent.userPoolId, expires_at: spent.expiresAt })
    .onConflict((conflict) => conflict.columns(['id', 'user_pool_id']).doNothing())
    .executeTakeFirst()
  return affectedRows(result) === 1
}
