// The statements of ListUsers: each reads one range of an index, in the order of that index.
import type { Db } from '../../database/database.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { KeyRange } from './user-search-rules.ts'
import { type StoredUser, userFromRow } from './user-store.ts'

/** A user, and where it stands in the index that was read. */
export interface FoundUser {
  readonly user: StoredUser
  readonly key: string
}

/** The last user of a page: what comes next comes after it. */
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
 * Users of a pool with a key of `attribute` in `range`, in the order of (key, sub), those after `after`.
 * The rest of the users with the last key, then those with later ones: as one comparison of pairs, SQLite would read
 * every earlier user with that key anew for each page.
 */
export async function searchUsers(
  db: Db,
  pool: UserPool,
  attribute: string,
  range: KeyRange,
  after: SearchPosition | undefined,
  limit: number,
): Promise<FoundUser[]> {
  if ('equals' in range) return usersWithKey(db, pool, attribute, range.equals, after?.sub ?? '', limit)
  const rest = after ? await usersWithKey(db, pool, attribute, after.key, after.sub, limit) : []
  if (rest.length === limit) return rest
  let keys = keysOf(db, pool, attribute).where('value_key', after ? '>' : '>=', after?.key ?? range.from)
  if (range.to !== undefined) keys = keys.where('value_key', '<', range.to)
  const page = keys
    .orderBy('value_key')
    .orderBy('user_sub')
    .limit(limit - rest.length)
  return [...rest, ...(await usersOf(db, pool, page))]
}

function usersWithKey(
  db: Db,
  pool: UserPool,
  attribute: string,
  key: string,
  after: string,
  limit: number,
): Promise<FoundUser[]> {
  const keys = keysOf(db, pool, attribute).where('value_key', '=', key).where('user_sub', '>', after)
  return usersOf(db, pool, keys.orderBy('user_sub').limit(limit))
}

const keysOf = (db: Db, pool: UserPool, attribute: string) =>
  db
    .selectFrom('user_search')
    .select(['user_sub', 'value_key'])
    .where('user_pool_id', '=', pool.id)
    .where('attribute', '=', attribute)

// The page of keys is a query in itself, so that no planner has to guess how many users a plain join would find. Asking
// for the users in a statement of their own takes as long on both engines (100,000 users), and one more round trip.
async function usersOf(db: Db, pool: UserPool, page: ReturnType<typeof keysOf>): Promise<FoundUser[]> {
  const rows = await db
    .selectFrom(page.as('page'))
    .innerJoin('users', 'users.user_sub', 'page.user_sub')
    .selectAll('users')
    .select('page.value_key')
    .where('users.user_pool_id', '=', pool.id)
    .execute()
  return rows.map((row) => ({ user: userFromRow(row), key: row.value_key })).sort(inOrderOfIndex)
}

/** Keys compare by their bytes, as in the index. */
const inOrderOfIndex = (one: FoundUser, other: FoundUser): number =>
  Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)) || (one.user.sub < other.user.sub ? -1 : 1)
