// Statements that remove the member rows of a deleted group.
import type { Db } from '../../database/database.ts'
import { paddedKeys, statement } from '../../database/statement.ts'

/** The subs of a group's members after `after`, in order. */
export async function findMembersAfter(db: Db, groupId: string, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('group_members')
    .select('user_sub')
    .where('group_id', '=', groupId)
    .where('user_sub', '>', after)
    .orderBy('user_sub')
    .limit(limit)
    .execute()
  return rows.map((row) => row.user_sub)
}

const deleteMembers = statement((db, groupId: string, ...subs: string[]) =>
  db.deleteFrom('group_members').where('user_sub', 'in', subs).where('group_id', '=', groupId),
)

/** Removes member rows of one group. */
export async function removeMembers(db: Db, groupId: string, subs: readonly string[]): Promise<void> {
  await deleteMembers(db, groupId, ...paddedKeys(subs))
}
