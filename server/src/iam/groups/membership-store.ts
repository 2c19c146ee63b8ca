// Statements on the members of groups: the reverse index of the groups in users' rows. A row is always written together
// with the user's own.
import type { Db } from '../../database/database.ts'

const ROWS_AT_ONCE = 500

/** Ignores a row that exists: a concurrent change is detected at the user's row, not by an error here. */
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

/** Keys of a group's members after `after`, sorted. */
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

/** Moves the memberships of a renamed user to its new key. */
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

/** Moves the memberships of a renamed group to its new key. */
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
