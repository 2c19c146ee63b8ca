// Every statement on the rows of one user: `users`, `user_names`, `user_search`. (ListUsers: user-list-store.ts.)
// Names and search keys are derived from the user (user-name-rules.ts, user-search-rules.ts); every write updates them.
// A name is looked up first and the user then read by sub, as a sharding engine keeps the two rows on different shards.
// Changes of users go through change-user.ts, which repeats them after a conflict.

import type { UserStatusType } from '../../contract/cognito-idp.types.ts'
import { affectedRows, type Db } from '../../database/database.ts'
import { deleteUserRows, tablesOfSub } from '../../database/owned-tables.ts'
import type { Schema } from '../../database/schema.ts'
import { insertStatement, rowStatement, statement } from '../../database/statement.ts'
import type { FederatedIdentity } from '../identities/identity-rules.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { UserMfa } from './mfa-settings.ts'
import { looksLikeSub, type NameKind, nameKey, namesOf, type UserName } from './user-name-rules.ts'
import { searchRowOf } from './user-search-rules.ts'

export interface StoredUser {
  readonly sub: string
  readonly userPoolId: string
  readonly username: string
  readonly status: UserStatusType
  readonly enabled: boolean
  /** Without `sub`. */
  readonly attributes: Readonly<Record<string, string>>
  /** Sealed credential (credentials.ts); empty when the user has no password. */
  readonly credential: string
  /** Epoch milliseconds of the last change of the password. */
  readonly credentialSetAt: number
  /** Sealed earlier credentials (credentials.ts); empty without history. */
  readonly credentialHistory: string
  readonly tokenGeneration: number
  readonly mfa: UserMfa
  /** At external providers, at most five. */
  readonly identities: readonly FederatedIdentity[]
  readonly createdAt: number
  readonly updatedAt: number
  readonly version: number
}

/** Thrown inside a transaction when another user holds a name; the operation turns it into an error of its own. */
export class NameTaken extends Error {
  readonly kind: NameKind
  constructor(kind: NameKind) {
    super(`name taken: ${kind}`)
    this.kind = kind
  }
}

export const userFromRow = (row: Schema['users']): StoredUser => ({
  sub: row.user_sub,
  userPoolId: row.user_pool_id,
  username: row.username,
  status: row.status as UserStatusType,
  enabled: row.enabled === 1,
  attributes: JSON.parse(row.attributes) as Record<string, string>,
  credential: row.credential_sealed,
  credentialSetAt: row.credential_set_at,
  credentialHistory: row.credential_history_sealed,
  tokenGeneration: row.token_generation,
  mfa: JSON.parse(row.mfa) as UserMfa,
  identities: JSON.parse(row.identities) as FederatedIdentity[],
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
})

/** The user as a row of `users`. */
export const rowOf = (user: StoredUser): Schema['users'] => ({
  user_sub: user.sub,
  user_pool_id: user.userPoolId,
  username: user.username,
  status: user.status,
  enabled: user.enabled ? 1 : 0,
  attributes: JSON.stringify(user.attributes),
  credential_sealed: user.credential,
  credential_set_at: user.credentialSetAt,
  credential_history_sealed: user.credentialHistory,
  token_generation: user.tokenGeneration,
  mfa: JSON.stringify(user.mfa),
  identities: JSON.stringify(user.identities),
  created_at: user.createdAt,
  updated_at: user.updatedAt,
  version: user.version,
})

const userBySub = rowStatement((db, sub: string, userPoolId: string) =>
  db.selectFrom('users').selectAll().where('user_sub', '=', sub).where('user_pool_id', '=', userPoolId),
)

export async function findUserBySub(db: Db, userPoolId: string, sub: string): Promise<StoredUser | undefined> {
  const row = await userBySub(db, sub, userPoolId)
  return row && userFromRow(row)
}

const holderOfName = rowStatement((db, key: string, userPoolId: string) =>
  db
    .selectFrom('user_names')
    .select(['user_sub', 'kind'])
    .where('name_key', '=', key)
    .where('user_pool_id', '=', userPoolId),
)

/** The user that holds a name, given as its key, and the kind of the name; undefined when no user does. */
export async function findNameHolder(
  db: Db,
  userPoolId: string,
  key: string,
): Promise<{ sub: string; kind: NameKind } | undefined> {
  const row = await holderOfName(db, key, userPoolId)
  return row && { sub: row.user_sub, kind: row.kind as NameKind }
}

/**
 * The user with this sub, username or active alias. Two round trips, one for a sub. For an unknown user the same two
 * statements run, so that it takes the same time.
 */
export async function findUser(db: Db, pool: UserPool, name: string): Promise<StoredUser | undefined> {
  // A sub comes first: no other user can hold it as a name (reserveNames).
  const bySub = looksLikeSub(name) ? await findUserBySub(db, pool.id, name) : undefined
  if (bySub) return bySub
  const key = nameKey(pool.settings, name)
  const holder = await findNameHolder(db, pool.id, key)
  // For an unknown user the key stands in for a sub, as no sub has the form of a key.
  return findUserBySub(db, pool.id, holder?.sub ?? key)
}

const insertUserRow = insertStatement('users')
const insertSearchRow = insertStatement('user_search')

/** Writes a new user. Throws NameTaken when another user holds one of its names; run it in a transaction. */
export async function insertUser(db: Db, pool: UserPool, user: StoredUser): Promise<void> {
  await reserveNames(db, user, namesOf(pool.settings, user))
  await insertUserRow(db, rowOf(user))
  await insertSearchRow(db, searchRowOf(user))
}

/**
 * Writes `after` in place of `before`, with its names and search keys. False when the stored user has another version
 * than `before`. Throws NameTaken when another user holds a new name; run it in a transaction.
 */
export async function replaceUser(db: Db, pool: UserPool, before: StoredUser, after: StoredUser): Promise<boolean> {
  const { user_sub, user_pool_id, ...columns } = rowOf({ ...after, version: before.version + 1 })
  const result = await db
    .updateTable('users')
    .set(columns)
    .where('user_sub', '=', user_sub)
    .where('user_pool_id', '=', user_pool_id)
    .where('version', '=', before.version)
    .executeTakeFirst()
  if (affectedRows(result) === 0) return false
  const had = namesOf(pool.settings, before)
  const has = namesOf(pool.settings, after)
  const lost = had.filter((name) => !has.some((other) => other.key === name.key))
  await releaseNames(db, before, lost)
  await reserveNames(
    db,
    after,
    has.filter((name) => !had.some((other) => other.key === name.key)),
  )
  await replaceSearchRow(db, before, after)
  return true
}

/** Raises the user's version and nothing else, so that concurrent changes conflict. False when the user is deleted. */
export async function touchUser(db: Db, userPoolId: string, sub: string): Promise<boolean> {
  const result = await db
    .updateTable('users')
    .set((row) => ({ version: row('version', '+', 1) }))
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/**
 * Deletes the user with every row that belongs to it. False when it was deleted already or, where a version is given, has
 * another one. Run it in a transaction.
 */
export async function deleteUser(db: Db, pool: UserPool, sub: string, version?: number): Promise<boolean> {
  // The names to release are taken from the deleted row, as the user may have changed since it was read.
  let deleted = db.deleteFrom('users').where('user_sub', '=', sub).where('user_pool_id', '=', pool.id)
  if (version !== undefined) deleted = deleted.where('version', '=', version)
  const row = await deleted.returningAll().executeTakeFirst()
  if (!row) return false
  const user = userFromRow(row)
  await releaseNames(db, user, namesOf(pool.settings, user))
  for (const table of tablesOfSub) await deleteUserRows(db, table, pool.id, [sub])
  return true
}

const insertName = insertStatement('user_names', (insert) =>
  insert.onConflict((conflict) => conflict.columns(['name_key', 'user_pool_id']).doNothing()),
)

async function reserveNames(db: Db, user: StoredUser, names: readonly UserName[]): Promise<void> {
  for (const name of names) if (await isSubOfAnother(db, user, name)) throw new NameTaken(name.kind)
  const taken = new Set<UserName>()
  // One statement for each name, as names lie on different shards. In the order of keys, so that concurrent requests
  // for several of the same names cannot deadlock.
  for (const name of [...names].sort((one, other) => (one.key < other.key ? -1 : 1))) {
    const row = { name_key: name.key, user_pool_id: user.userPoolId, kind: name.kind, user_sub: user.sub }
    if ((await insertName(db, row)).affected === 0) taken.add(name)
  }
  const first = names.find((name) => taken.has(name))
  if (first) throw new NameTaken(first.kind)
}

// Operations accept a sub in place of a username, so no other user may have a name that is somebody's sub.
async function isSubOfAnother(db: Db, user: StoredUser, name: UserName): Promise<boolean> {
  const sub = name.key.slice(1)
  return looksLikeSub(sub) && sub !== user.sub && (await findUserBySub(db, user.userPoolId, sub)) !== undefined
}

const deleteName = statement((db, key: string, userPoolId: string, sub: string) =>
  db
    .deleteFrom('user_names')
    .where('name_key', '=', key)
    .where('user_pool_id', '=', userPoolId)
    .where('user_sub', '=', sub),
)

async function releaseNames(db: Db, user: StoredUser, names: readonly UserName[]): Promise<void> {
  for (const { key } of names) await deleteName(db, key, user.userPoolId, user.sub)
}

async function replaceSearchRow(db: Db, before: StoredUser, after: StoredUser): Promise<void> {
  const had = searchRowOf(before)
  const changes = Object.entries(searchRowOf(after)).filter(([column, key]) => had[column as keyof typeof had] !== key)
  if (changes.length === 0) return
  await db
    .updateTable('user_search')
    .set(Object.fromEntries(changes))
    .where('user_sub', '=', before.sub)
    .where('user_pool_id', '=', before.userPoolId)
    .execute()
}
