// Statements that remove the users of a pool that is gone, settings and all, many at a time. Any process may run them, and
// twice is harmless.
import type { Db } from '../../database/database.ts'
import { deleteUserRows, tablesOfSub } from '../../database/owned-tables.ts'
import { everyNameKey } from './user-name-rules.ts'

/** What tells which rows a user has. */
export interface RemovableUser {
  readonly sub: string
  /** Keys of all names that it may hold. */
  readonly names: readonly string[]
}

/** Users of a pool with a sub after `after`, in the order of subs. */
export async function findRemovableUsers(
  db: Db,
  userPoolId: string,
  after: string,
  max: number,
): Promise<RemovableUser[]> {
  const rows = await db
    .selectFrom('users')
    .select(['user_sub', 'username', 'attributes'])
    .where('user_pool_id', '=', userPoolId)
    .where('user_sub', '>', after)
    .orderBy('user_sub')
    .limit(max)
    .execute()
  return rows.map(({ user_sub: sub, username, attributes }) => ({
    sub,
    names: everyNameKey(username, JSON.parse(attributes)),
  }))
}

/** Removes users with everything that hangs on them. The users themselves go last: what is left is found again. */
export async function removeUsers(db: Db, userPoolId: string, users: readonly RemovableUser[]): Promise<void> {
  const subs = users.map((user) => user.sub)
  await deleteUserRows(
    db,
    'user_names',
    userPoolId,
    users.flatMap((user) => user.names),
  )
  for (const table of [...tablesOfSub, 'users'] as const) await deleteUserRows(db, table, userPoolId, subs)
}
