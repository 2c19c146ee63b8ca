// The statements of ListUsers: each reads one range of an index, in the order of that index. Which range a filter needs
// is decided by user-search-rules.ts.
import type { Db } from '../../database/database.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { KeyRange, Search, SearchedColumn } from './user-search-rules.ts'
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
  let keys = keysOf(db, pool, column).where(column as 'status', after ? '>' : '>=', after?.key ?? range.from)
  if (range.to !== undefined) keys = keys.where(column as 'status', '<', range.to)
  const page = keys
    .orderBy(column as 'status')
    .orderBy('user_sub')
    .limit(limit - rest.length)
  return [...rest, ...(await usersOf(db, pool, page))]
}

function usersWithKey(
  db: Db,
  pool: UserPool,
  column: KeyColumn,
  key: string,
  after: string,
  limit: number,
): Promise<FoundUser[]> {
  const keys = keysOf(db, pool, column)
    .where(column as 'status', '=', key)
    .where('user_sub', '>', after)
  return usersOf(db, pool, keys.orderBy('user_sub').limit(limit))
}

type KeyColumn = Exclude<SearchedColumn, 'user_sub'>

// The two tables are cast to one type: both have the columns that are read here.
const keysOf = (db: Db, pool: UserPool, column: KeyColumn) =>
  db
    .selectFrom((column === 'status' || column === 'enabled' ? 'users' : 'user_search') as 'users')
    .select(['user_sub', `${column as 'status'} as key`])
    .where('user_pool_id', '=', pool.id)

// The page of keys is a subquery, so that the query planner need not estimate how many users a plain join would find.
// Reading the users in a second statement takes as long on both engines (100,000 users), and one more round trip.
async function usersOf(db: Db, pool: UserPool, page: ReturnType<typeof keysOf>): Promise<FoundUser[]> {
  const rows = await db
    .selectFrom(page.as('page'))
    .innerJoin('users', 'users.user_sub', 'page.user_sub')
    .selectAll('users')
    .select('page.key')
    .where('users.user_pool_id', '=', pool.id)
    .execute()
  return rows.map((row) => ({ user: userFromRow(row), key: String(row.key) })).sort(inOrderOfIndex)
}

/** Keys compare by their bytes, as in the index. */
const inOrderOfIndex = (one: FoundUser, other: FoundUser): number =>
  Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)) || (one.user.sub < other.user.sub ? -1 : 1)
