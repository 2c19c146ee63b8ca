// Many new users in few statements, for imports: what insertUser (user-store.ts) does for one. On a sharding engine each of
// them goes to all nodes, which an import may.
import { Stale } from '../../database/compare-and-set.ts'
import type { Db } from '../../database/database.ts'
import { insertStatement, paddedKeys, statement } from '../../database/statement.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { looksLikeSub, namesOf, type UserName } from './user-name-rules.ts'
import { searchRowOf } from './user-search-rules.ts'
import { rowOf, type StoredUser } from './user-store.ts'

/** A new user with its names. */
export interface NamedUser {
  readonly user: StoredUser
  readonly names: readonly UserName[]
}

export const withNames = (pool: UserPool, user: StoredUser): NamedUser => ({
  user,
  names: namesOf(pool.settings, user),
})

const holders = statement((db, userPoolId: string, ...keys: string[]) =>
  db.selectFrom('user_names').select('name_key').where('user_pool_id', '=', userPoolId).where('name_key', 'in', keys),
)
const usersBySub = statement((db, userPoolId: string, ...subs: string[]) =>
  db.selectFrom('users').select('user_sub').where('user_pool_id', '=', userPoolId).where('user_sub', 'in', subs),
)

/** The keys of names that new users may not have: others hold them, or they are the subs of others. */
export async function findTakenKeys(db: Db, pool: UserPool, users: readonly NamedUser[]): Promise<Set<string>> {
  const keys = users.flatMap(({ names }) => names.map(({ key }) => key))
  if (keys.length === 0) return new Set()
  const { rows } = await holders(db, pool.id, ...paddedKeys(keys))
  const taken = new Set(rows.map((row) => row.name_key))
  const subs = keys.map((key) => key.slice(1)).filter(looksLikeSub)
  if (subs.length === 0) return taken
  const found = await usersBySub(db, pool.id, ...paddedKeys(subs))
  for (const { user_sub } of found.rows) taken.add(`=${user_sub}`)
  return taken
}

const insertUserRows = insertStatement('users')
const insertSearchRows = insertStatement('user_search')
const insertNameRows = insertStatement('user_names', (insert) =>
  insert.onConflict((conflict) => conflict.columns(['name_key', 'user_pool_id']).doNothing()),
)

/**
 * Writes new users whose names nobody held a moment ago. Throws Stale when somebody else was first; run it in a
 * transaction.
 */
export async function insertUsers(db: Db, users: readonly NamedUser[]): Promise<void> {
  const names = users.flatMap(({ user, names: held }) =>
    held.map(({ kind, key }) => ({ name_key: key, user_pool_id: user.userPoolId, kind, user_sub: user.sub })),
  )
  // In the order of keys, as every writer of names, so that two cannot deadlock.
  names.sort((one, other) => (one.name_key < other.name_key ? -1 : 1))
  for (const rows of batches(names)) if ((await insertNameRows(db, ...rows)).affected < rows.length) throw new Stale()
  // In the order of subs, as the indexes have them: neighbours are written one after another.
  const ordered = [...users].sort((one, other) => (one.user.sub < other.user.sub ? -1 : 1))
  for (const rows of batches(ordered)) {
    await insertUserRows(db, ...rows.map(({ user }) => rowOf(user)))
    await insertSearchRows(db, ...rows.map(({ user }) => searchRowOf(user)))
  }
}

/** In batches whose sizes are powers of two, as each size is a prepared statement of its own. */
function* batches<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let from = 0; from < rows.length; ) {
    const size = Math.min(256, 2 ** Math.floor(Math.log2(rows.length - from)))
    yield rows.slice(from, from + size)
    from += size
  }
}
