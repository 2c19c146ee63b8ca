// Every statement on the tables of groups and their members.
//
// A member row refers to the id of its group. Deleting a group therefore leaves its member rows in place: they have no
// effect from then on, not even when a group of the same name is created, and are removed later (group-removal.ts). So
// no lock is needed between adding a member and deleting the group.
import { affectedRows, type Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import { paddedKeys, statement } from '../../database/statement.ts'
import { insertJob } from '../../jobs/job-store.ts'
import { removalJob } from '../../jobs/removal-rules.ts'
import { type StoredUser, userFromRow } from '../users/user-store.ts'
import { GROUP_REMOVAL, GROUP_REMOVAL_DELAY_MS } from './removal-rules.ts'

export interface Group {
  readonly id: string
  readonly name: string
  readonly userPoolId: string
  readonly description: string | undefined
  readonly roleArn: string | undefined
  readonly precedence: number | undefined
  readonly createdAt: number
  readonly updatedAt: number
  readonly version: number
}

const groupFromRow = (row: Schema['groups']): Group => ({
  id: row.group_id,
  name: row.group_name,
  userPoolId: row.user_pool_id,
  description: row.description ?? undefined,
  roleArn: row.role_arn ?? undefined,
  precedence: row.precedence ?? undefined,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
})

const columnsOf = (group: Group) => ({
  group_id: group.id,
  description: group.description ?? null,
  role_arn: group.roleArn ?? null,
  precedence: group.precedence ?? null,
  updated_at: group.updatedAt,
  version: group.version,
})

export async function findGroup(db: Db, userPoolId: string, name: string): Promise<Group | undefined> {
  const row = await db
    .selectFrom('groups')
    .selectAll()
    .where('group_name', '=', name)
    .where('user_pool_id', '=', userPoolId)
    .executeTakeFirst()
  return row && groupFromRow(row)
}

/** Groups of a pool with a name after `after`, in the order of names. */
export async function listGroups(db: Db, userPoolId: string, after: string, limit: number): Promise<Group[]> {
  const rows = await db
    .selectFrom('groups')
    .selectAll()
    .where('user_pool_id', '=', userPoolId)
    .where('group_name', '>', after)
    .orderBy('group_name')
    .limit(limit)
    .execute()
  return rows.map(groupFromRow)
}

/** Writes a new group; false when its name is taken. */
export async function insertGroup(db: Db, group: Group): Promise<boolean> {
  const result = await db
    .insertInto('groups')
    .values({
      group_name: group.name,
      user_pool_id: group.userPoolId,
      created_at: group.createdAt,
      ...columnsOf(group),
    })
    .onConflict((conflict) => conflict.columns(['group_name', 'user_pool_id']).doNothing())
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Counts one more group of the pool unless there are `max`; false when there are. */
export async function countNewGroup(db: Db, userPoolId: string, max: number): Promise<boolean> {
  const result = await db
    .insertInto('group_counts')
    .values({ user_pool_id: userPoolId, group_count: 1 })
    .onConflict((conflict) =>
      conflict
        .column('user_pool_id')
        .doUpdateSet((row) => ({ group_count: row('group_counts.group_count', '+', 1) }))
        .where('group_counts.group_count', '<', max),
    )
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Writes `after` if the group still has the version of `before`; false when it has not. */
export async function replaceGroup(db: Db, before: Group, after: Group): Promise<boolean> {
  const result = await db
    .updateTable('groups')
    .set(columnsOf({ ...after, version: before.version + 1 }))
    .where('group_name', '=', before.name)
    .where('user_pool_id', '=', before.userPoolId)
    .where('group_id', '=', before.id)
    .where('version', '=', before.version)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Deletes a group and queues the removal of its member rows; false when it was deleted already. In a transaction. */
export async function deleteGroup(db: Db, group: Group, now: number): Promise<boolean> {
  const result = await db
    .deleteFrom('groups')
    .where('group_name', '=', group.name)
    .where('user_pool_id', '=', group.userPoolId)
    .where('group_id', '=', group.id)
    .executeTakeFirst()
  if (affectedRows(result) === 0) return false
  await db
    .updateTable('group_counts')
    .set((row) => ({ group_count: row('group_count', '-', 1) }))
    .where('user_pool_id', '=', group.userPoolId)
    .execute()
  await insertJob(db, removalJob(GROUP_REMOVAL, group.id, now, GROUP_REMOVAL_DELAY_MS))
  return true
}

const allGroupsOf = statement((db, sub: string, userPoolId: string) =>
  db
    .selectFrom('group_members')
    .innerJoin('groups', (join) =>
      join
        .onRef('groups.group_name', '=', 'group_members.group_name')
        .onRef('groups.user_pool_id', '=', 'group_members.user_pool_id')
        .onRef('groups.group_id', '=', 'group_members.group_id'),
    )
    .selectAll('groups')
    .where('group_members.user_sub', '=', sub)
    .where('group_members.user_pool_id', '=', userPoolId),
)

/** All groups of a user (at most 100, docs/reference/user-pools.md 18.1). */
export const groupsOfUser = async (db: Db, userPoolId: string, sub: string): Promise<Group[]> =>
  (await allGroupsOf(db, sub, userPoolId)).rows.map(groupFromRow)

const groupNamesIn = statement((db, userPoolId: string, ...subs: string[]) =>
  db
    .selectFrom('group_members')
    .innerJoin('groups', (join) =>
      join
        .onRef('groups.group_name', '=', 'group_members.group_name')
        .onRef('groups.user_pool_id', '=', 'group_members.user_pool_id')
        .onRef('groups.group_id', '=', 'group_members.group_id'),
    )
    .select(['group_members.user_sub', 'group_members.group_name'])
    .where('group_members.user_sub', 'in', subs)
    .where('group_members.user_pool_id', '=', userPoolId),
)

/** The names of the groups of several users, by their subs; nothing for a user without any. */
export async function groupNamesOf(
  db: Db,
  userPoolId: string,
  subs: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
  const names = new Map<string, string[]>()
  if (subs.length === 0) return names
  const { rows } = await groupNamesIn(db, userPoolId, ...paddedKeys(subs))
  for (const { user_sub, group_name } of rows) names.set(user_sub, [...(names.get(user_sub) ?? []), group_name].sort())
  return names
}

/**
 * A subquery for `exists` in a statement that reads a user: the user's member rows, some of which may be of deleted
 * groups. Most users have none, and their groups then need not be read.
 */
export const membershipsOf = (db: Db, sub: string, userPoolId: string) =>
  db
    .selectFrom('group_members')
    .select('group_members.user_sub')
    .where('group_members.user_sub', '=', sub)
    .where('group_members.user_pool_id', '=', userPoolId)

/** Groups of a user with a name after `after`, in the order of names. */
export async function listGroupsOfUser(
  db: Db,
  userPoolId: string,
  sub: string,
  after: string,
  limit: number,
): Promise<Group[]> {
  const rows = await db
    .selectFrom('group_members')
    .innerJoin('groups', (join) =>
      join
        .onRef('groups.group_name', '=', 'group_members.group_name')
        .onRef('groups.user_pool_id', '=', 'group_members.user_pool_id')
        .onRef('groups.group_id', '=', 'group_members.group_id'),
    )
    .selectAll('groups')
    .where('group_members.user_sub', '=', sub)
    .where('group_members.user_pool_id', '=', userPoolId)
    .where('group_members.group_name', '>', after)
    .orderBy('group_members.group_name')
    .limit(limit)
    .execute()
  return rows.map(groupFromRow)
}

/** Members of a group with a sub after `after`, in the order of subs. */
export async function listMembers(db: Db, group: Group, after: string, limit: number): Promise<StoredUser[]> {
  // The page is a subquery, so that the query planner need not estimate how many users a plain join would find.
  const page = db
    .selectFrom('group_members')
    .select('user_sub')
    .where('group_id', '=', group.id)
    .where('user_sub', '>', after)
    .orderBy('user_sub')
    .limit(limit)
  const rows = await db
    .selectFrom(page.as('page'))
    .innerJoin('users', 'users.user_sub', 'page.user_sub')
    .selectAll('users')
    .where('users.user_pool_id', '=', group.userPoolId)
    .execute()
  return rows.map(userFromRow).sort((one, other) => (one.sub < other.sub ? -1 : 1))
}

/** Makes a user a member, replacing a row left over from a deleted group of the same name. */
export async function insertMember(db: Db, group: Group, sub: string, now: number): Promise<void> {
  await db
    .insertInto('group_members')
    .values({
      user_sub: sub,
      user_pool_id: group.userPoolId,
      group_name: group.name,
      group_id: group.id,
      created_at: now,
    })
    .onConflict((conflict) =>
      conflict.columns(['user_sub', 'user_pool_id', 'group_name']).doUpdateSet({ group_id: group.id, created_at: now }),
    )
    .execute()
}

export async function deleteMember(db: Db, group: Group, sub: string): Promise<void> {
  await db
    .deleteFrom('group_members')
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', group.userPoolId)
    .where('group_name', '=', group.name)
    .where('group_id', '=', group.id)
    .execute()
}
