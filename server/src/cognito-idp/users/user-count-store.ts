// Every statement on the counts of users.
import type { Db } from '../../database/database.ts'
import { statement } from '../../database/statement.ts'

const addToCount = statement((db, userPoolId: string, difference: number) =>
  db
    .insertInto('user_counts')
    .values({ user_pool_id: userPoolId, users: difference })
    .onConflict((conflict) =>
      conflict.column('user_pool_id').doUpdateSet((row) => ({ users: row('user_counts.users', '+', difference) })),
    ),
)

/** Adds to the count of a pool; `difference` may be negative. */
export async function addToUserCount(db: Db, userPoolId: string, difference: number): Promise<void> {
  await addToCount(db, userPoolId, difference)
}

/** The stored count of a pool; 0 when there is none. */
export async function findUserCount(db: Db, userPoolId: string): Promise<number> {
  const row = await db
    .selectFrom('user_counts')
    .select('users')
    .where('user_pool_id', '=', userPoolId)
    .executeTakeFirst()
  return row?.users ?? 0
}
