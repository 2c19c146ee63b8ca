// Every statement on the table of spent ids: of sessions and secret blocks, which may be used once.
import type { Db } from '../../database/database.ts'
import { statement } from '../../database/statement.ts'

const insertSpentId = statement((db, id: string, userPoolId: string, expiresAt: number) =>
  db
    .insertInto('spent_ids')
    .values({ id, user_pool_id: userPoolId, expires_at: expiresAt })
    .onConflict((conflict) => conflict.columns(['id', 'user_pool_id']).doNothing()),
)

/** Records that an id was used; false when it was used before. The row may be purged after `expiresAt` (epoch ms). */
export async function spendId(db: Db, spent: { id: string; userPoolId: string; expiresAt: number }): Promise<boolean> {
  return (await insertSpentId(db, spent.id, spent.userPoolId, spent.expiresAt)).affected === 1
}

const spentId = statement((db, id: string, userPoolId: string) =>
  db.selectFrom('spent_ids').select('id').where('id', '=', id).where('user_pool_id', '=', userPoolId),
)

/** Whether an id was used. */
export async function wasSpent(db: Db, id: string, userPoolId: string): Promise<boolean> {
  return (await spentId(db, id, userPoolId)).rows.length > 0
}

/** Takes back that an id was used. */
export async function releaseId(db: Db, id: string, userPoolId: string): Promise<void> {
  await db.deleteFrom('spent_ids').where('id', '=', id).where('user_pool_id', '=', userPoolId).execute()
}
