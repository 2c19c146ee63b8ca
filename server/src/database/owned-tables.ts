// Whose rows a table holds: what goes with a deleted user, and what with a deleted pool. A test asks that each table with
// a user or a pool in it stands here.
import type { Db } from './database.ts'

/**
 * Tables with rows of users, each with the column that finds them: a sub, or a name that follows from the user
 * (cognito-idp/users/user-name-rules.ts). All have a `user_pool_id` as well.
 */
export const userTables = {
  users: 'user_sub',
  user_names: 'name_key',
  user_search: 'user_sub',
  group_members: 'user_sub',
  codes: 'user_sub',
  attempts: 'subject',
  revoked_sign_ins: 'user_sub',
  refresh_families: 'user_sub',
} as const

export type UserTable = keyof typeof userTables

/** Those of `userTables` that only the sub leads to, but `users` itself. */
export const tablesOfSub = (Object.keys(userTables) as UserTable[]).filter(
  (table) => table !== 'users' && table !== 'user_names',
)

/** Deletes rows of users in one of these tables, found by subs or, in `user_names`, by the keys of names. */
export async function deleteUserRows(
  db: Db,
  table: UserTable,
  userPoolId: string,
  keys: readonly string[],
): Promise<void> {
  // One table stands for all, to the types.
  await db
    .deleteFrom(table as 'users')
    .where(userTables[table] as 'user_sub', 'in', keys)
    .where('user_pool_id', '=', userPoolId)
    .execute()
}

/** Tables with rows of a pool that are no user's; `user_pool_id` finds them. The pool itself is in `user_pools`. */
export const poolTables = ['user_pool_clients', 'signing_keys', 'groups', 'group_counts', 'user_counts'] as const

/** Tables that name a user or a pool, and outlive both, with the reason. */
export const tablesThatOutlive = {
  spent_ids: 'go by themselves when they have expired, within hours',
} as const
