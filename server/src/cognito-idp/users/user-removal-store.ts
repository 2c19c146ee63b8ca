// Statements that remove the users of a deleted pool, many at a time, without its settings. They are idempotent: any
// process may run them, more than once.
import type { Db } from '../../database/database.ts'
import { deleteUserRows, tablesOfSub } from '../../database/owned-tables.ts'
import { everyNameKey } from './user-name-rules.ts'

/** A user to be removed, with what identifies its rows. */
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
    .select(['user_sub', 'username', 'attributes', 'identities'])
    .where('user_pool_id', '=', userPoolId)
    .where('user_sub', '>', after)
    .orderBy('user_sub')
    .limit(max)
    .execute()
  return rows.map(({ user_sub: sub, username, attributes, identities }) => ({
    sub,
    names: everyNameKey(username, JSON.parse(attributes), JSON.parse(identities)),
  }))
}

/**
 * Removes users with every row that belongs to them, the rows of `users` last: an interrupted removal finds them again.
 */
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
