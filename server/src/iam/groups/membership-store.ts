// Statements on who is in which group: the reverse of what users say of themselves. Rows are written together with the
// user's own, never alone.
import type { Db } from '../../database/database.ts'

const ROWS_AT_ONCE = 500

/** A rival may have been faster: then this change is undone at the user's row, not here by an error of the database. */
export async function insertMembership(db: Db, userKey: string, groupKey: string): Promise<void> {
  await db
    .insertInto('iam_memberships')
    .values({ user_key: userKey, group_key: groupKey })
    .onConflict((conflict) => conflict.columns(['user_key', 'group_key']).doNothing())
    .execute()
}

export async function deleteMembership(db: Db, userKey: string, groupKey: string): Promise<void> {
  await db.deleteFrom('iam_memberships').where('user_key', '=', userKey).where('group_key', '=', groupKey).execute()
}

/** Keys of a group's members after `after`, in their order. */
export async function listMembers(
  db: Db,
  groupKey: string,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  let query = db.selectFrom('iam_memberships').select('user_key').where('group_key', '=', groupKey)
  if (after !== undefined) query = query.where('user_key', '>', after)
  const rows = await query.orderBy('user_key').limit(limit).execute()
  return rows.map((row) => row.user_key)
}

/** A user that has another key now is in the same groups. */
export async function moveUserMemberships(
  db: Db,
  fromKey: string,
  toKey: string,
  groupKeys: readonly string[],
): Promise<void> {
  if (groupKeys.length === 0) return
  await db.deleteFrom('iam_memberships').where('user_key', '=', fromKey).execute()
  await db
    .insertInto('iam_memberships')
    .values(groupKeys.map((group_key) => ({ user_key: toKey, group_key })))
    .execute()
}

/** A group that has another key now has the same members. */
export async function moveGroupMemberships(
  db: Db,
  fromKey: string,
  toKey: string,
  userKeys: readonly string[],
): Promise<void> {
  await db.deleteFrom('iam_memberships').where('group_key', '=', fromKey).execute()
  for (let at = 0; at < userKeys.length; at += ROWS_AT_ONCE) {
    await db
      .insertInto('iam_memberships')
      .values(userKeys.slice(at, at + ROWS_AT_ONCE).map((user_key) => ({ user_key, group_key: toKey })))
      .execute()
  }
}
