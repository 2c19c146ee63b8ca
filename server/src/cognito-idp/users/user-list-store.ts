// The statements of ListUsers: each reads one range of an index, in the order of that index. Which range a filter needs
// is decided by user-search-rules.ts.
import type { Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import { statement } from '../../database/statement.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { type KeyRange, SEARCH_COLUMNS, type Search, type SearchedColumn } from './user-search-rules.ts'
import { type StoredUser, userFromRow } from './user-store.ts'

/** A user, and its key in the index that was read. */
export interface FoundUser {
  readonly user: StoredUser
  readonly key: string
}

/** The last user of a page, after which the next page begins. */
export interface SearchPosition {
  readonly key: string
  readonly sub: string
}

/** Users of a pool with a sub after `after`, in the order of subs; only those with a sub in `range` if it is given. */
export async function listUsersBySub(
  db: Db,
  pool: UserPool,
  range: KeyRange | undefined,
  after: string,
  limit: number,
): Promise<StoredUser[]> {
  let query = db.selectFrom('users').selectAll().where('user_pool_id', '=', pool.id).where('user_sub', '>', after)
  if (range && 'equals' in range) query = query.where('user_sub', '=', range.equals)
  if (range && 'from' in range) query = query.where('user_sub', '>=', range.from)
  if (range && 'to' in range && range.to !== undefined) query = query.where('user_sub', '<', range.to)
  const rows = await query.orderBy('user_sub').limit(limit).execute()
  return rows.map(userFromRow)
}

/**
 * Users of a pool with a key in `range`, in the order of (key, sub), beginning after `after`.
 * Two statements: the rest of the users with the last key, then those with later keys. With one comparison of the pair
 * (key, sub), SQLite would read all earlier users with that key again for each page.
 */
export async function searchUsers(
  db: Db,
  pool: UserPool,
  { column, range }: Search,
  after: SearchPosition | undefined,
  limit: number,
): Promise<FoundUser[]> {
  if (column === 'user_sub')
    return (await listUsersBySub(db, pool, range, after?.sub ?? '', limit)).map((user) => ({ user, key: '' }))
  if ('equals' in range) return usersWithKey(db, pool, column, range.equals, after?.sub ?? '', limit)
  const rest = after ? await usersWithKey(db, pool, column, after.key, after.sub, limit) : []
  if (rest.length === limit) return rest
  let keys = keysOf(db, pool.id, column).where(column as 'status', after ? '>' : '>=', after?.key ?? range.from)
  if (range.to !== undefined) keys = keys.where(column as 'status', '<', range.to)
  const page = keys
    .orderBy(column as 'status')
    .orderBy('user_sub')
    .limit(limit - rest.length)
  return [...rest, ...foundUsers(await usersOf(db, pool.id, page).execute())]
}

/** Who has a key: what looking up one address costs, so it is compiled once for each column. */
async function usersWithKey(
  db: Db,
  pool: UserPool,
  column: KeyColumn,
  key: string,
  after: string,
  limit: number,
): Promise<FoundUser[]> {
  const { rows } = await withKey[column](db, pool.id, key, after, limit)
  return foundUsers(rows)
}

type KeyColumn = Exclude<SearchedColumn, 'user_sub'>

const KEY_COLUMNS: readonly KeyColumn[] = [...SEARCH_COLUMNS, 'status', 'enabled']

// Both tables have such columns; for the types they are one.
const keysOf = (db: Db, poolId: string, column: KeyColumn) =>
  db
    .selectFrom((column === 'status' || column === 'enabled' ? 'users' : 'user_search') as 'users')
    .select(['user_sub', `${column as 'status'} as key`])
    .where('user_pool_id', '=', poolId)

// The page of keys is a query in itself, so that no planner has to guess how many users a plain join would find. Asking
// for the users in a statement of their own takes as long on both engines (100,000 users), and one more round trip.
const usersOf = (db: Db, poolId: string, page: ReturnType<typeof keysOf>) =>
  db
    .selectFrom(page.as('page'))
    .innerJoin('users', 'users.user_sub', 'page.user_sub')
    .selectAll('users')
    .select('page.key')
    .where('users.user_pool_id', '=', poolId)

const withKeyIn = (column: KeyColumn) =>
  statement((db, poolId: string, key: string, after: string, limit: number) =>
    usersOf(
      db,
      poolId,
      keysOf(db, poolId, column)
        .where(column as 'status', '=', key)
        .where('user_sub', '>', after)
        .orderBy('user_sub')
        .limit(limit),
    ),
  )

const withKey = Object.fromEntries(KEY_COLUMNS.map((column) => [column, withKeyIn(column)])) as Record<
  KeyColumn,
  ReturnType<typeof withKeyIn>
>

const foundUsers = (rows: readonly (Schema['users'] & { key: string })[]): FoundUser[] =>
  rows.map((row) => ({ user: userFromRow(row), key: String(row.key) })).sort(inOrderOfIndex)

/** Keys compare by their bytes, as in the index. */
const inOrderOfIndex = (one: FoundUser, other: FoundUser): number =>
  Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)) || (one.user.sub < other.user.sub ? -1 : 1)
