// Every statement on the tables of a user: the user itself, its names, its search keys.
// Names and search keys follow from the user (user-name-rules.ts, user-search-rules.ts); writes keep them in step.

import type { UserStatusType } from '../../contract/cognito-idp.types.ts'
import { affectedRows, type Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import { rowStatement, statement } from '../../database/statement.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { looksLikeSub, type NameKind, nameKey, namesOf, type UserName } from './user-name-rules.ts'
import { searchKeysOf } from './user-search-rules.ts'

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
  readonly mfa: Readonly<Record<string, unknown>>
  readonly createdAt: number
  readonly updatedAt: number
  readonly version: number
}

/** Thrown inside a transaction when a name belongs to another user; the caller words it in its own error. */
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
  mfa: JSON.parse(row.mfa) as Record<string, unknown>,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
})

const columnsOf = (user: StoredUser): Omit<Schema['users'], 'user_sub' | 'user_pool_id' | 'created_at'> => ({
  username: user.username,
  status: user.status,
  enabled: user.enabled ? 1 : 0,
  attributes: JSON.stringify(user.attributes),
  credential_sealed: user.credential,
  credential_set_at: user.credentialSetAt,
  credential_history_sealed: user.credentialHistory,
  token_generation: user.tokenGeneration,
  mfa: JSON.stringify(user.mfa),
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

const userByName = rowStatement((db, key: string, userPoolId: string) =>
  db
    .selectFrom('user_names')
    .innerJoin('users', (join) =>
      join
        .onRef('users.user_sub', '=', 'user_names.user_sub')
        .onRef('users.user_pool_id', '=', 'user_names.user_pool_id'),
    )
    .selectAll('users')
    .where('user_names.name_key', '=', key)
    .where('user_names.user_pool_id', '=', userPoolId),
)

/** The user known by a sub, a username or an active alias. One statement, two for a name that only looks like a sub. */
export async function findUser(db: Db, pool: UserPool, name: string): Promise<StoredUser | undefined> {
  // No other user can have it as a name (reserveNames).
  const bySub = looksLikeSub(name) ? await findUserBySub(db, pool.id, name) : undefined
  if (bySub) return bySub
  const row = await userByName(db, nameKey(pool.settings, name), pool.id)
  return row && userFromRow(row)
}

/** The user that holds a name, and as what; undefined when nobody does. */
export async function findNameHolder(
  db: Db,
  userPoolId: string,
  key: string,
): Promise<{ sub: string; kind: NameKind } | undefined> {
  const row = await db
    .selectFrom('user_names')
    .select(['user_sub', 'kind'])
    .where('name_key', '=', key)
    .where('user_pool_id', '=', userPoolId)
    .executeTakeFirst()
  return row && { sub: row.user_sub, kind: row.kind as NameKind }
}

const insertUserRow = statement(
  (
    db,
    user_sub: string,
    user_pool_id: string,
    username: string,
    status: string,
    enabled: number,
    attributes: string,
    credential_sealed: string,
    credential_set_at: number,
    credential_history_sealed: string,
    token_generation: number,
    mfa: string,
    created_at: number,
    updated_at: number,
    version: number,
  ) => {
    const secrets = { credential_sealed, credential_set_at, credential_history_sealed, token_generation, mfa }
    const times = { created_at, updated_at, version }
    return db
      .insertInto('users')
      .values({ user_sub, user_pool_id, username, status, enabled, attributes, ...secrets, ...times })
  },
)

/** Writes a new user. Throws NameTaken when one of its names belongs to another; run it in a transaction. */
export async function insertUser(db: Db, pool: UserPool, user: StoredUser): Promise<void> {
  await reserveNames(db, user, namesOf(pool.settings, user))
  const row = columnsOf(user)
  await insertUserRow(
    db,
    user.sub,
    user.userPoolId,
    row.username,
    row.status,
    row.enabled,
    row.attributes,
    row.credential_sealed,
    row.credential_set_at,
    row.credential_history_sealed,
    row.token_generation,
    row.mfa,
    user.createdAt,
    row.updated_at,
    row.version,
  )
  await insertSearchKeys(db, user, [...searchKeysOf(user)])
}

/**
 * Writes `after` in place of `before`, with its names and search keys. False when the stored user has another version
 * than `before`. Throws NameTaken when a new name belongs to another; run it in a transaction.
 */
export async function replaceUser(db: Db, pool: UserPool, before: StoredUser, after: StoredUser): Promise<boolean> {
  const result = await db
    .updateTable('users')
    .set(columnsOf({ ...after, version: before.version + 1 }))
    .where('user_sub', '=', before.sub)
    .where('user_pool_id', '=', before.userPoolId)
    .where('version', '=', before.version)
    .executeTakeFirst()
  if (affectedRows(result) === 0) return false
  const had = namesOf(pool.settings, before)
  const has = namesOf(pool.settings, after)
  const lost = had.filter((name) => !has.some((other) => other.key === name.key))
  if (lost.length > 0) await releaseNames(db, before, lost)
  await reserveNames(
    db,
    after,
    has.filter((name) => !had.some((other) => other.key === name.key)),
  )
  await replaceSearchKeys(db, before, after)
  return true
}

/** Gives the user another version and changes nothing else, so that rivals meet at its row. False when there is none. */
export async function touchUser(db: Db, userPoolId: string, sub: string): Promise<boolean> {
  const result = await db
    .updateTable('users')
    .set((row) => ({ version: row('version', '+', 1) }))
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Removes the user with everything that hangs on it. False when it was gone already. */
export async function deleteUser(db: Db, user: StoredUser): Promise<boolean> {
  const own = (table: 'users' | 'user_names' | 'user_search' | 'group_members' | 'codes') =>
    db.deleteFrom(table).where('user_sub', '=', user.sub).where('user_pool_id', '=', user.userPoolId)
  if (affectedRows(await own('users').executeTakeFirst()) === 0) return false
  for (const table of ['user_names', 'user_search', 'group_members', 'codes'] as const) await own(table).execute()
  await db.deleteFrom('attempts').where('subject', '=', user.sub).where('user_pool_id', '=', user.userPoolId).execute()
  return true
}

const insertNames = statement((db, sub: string, userPoolId: string, ...kindsAndKeys: string[]) =>
  db
    .insertInto('user_names')
    .values(
      pairs(kindsAndKeys).map(([kind, key]) => ({ name_key: key, user_pool_id: userPoolId, kind, user_sub: sub })),
    )
    .onConflict((conflict) => conflict.columns(['name_key', 'user_pool_id']).doNothing())
    .returning('name_key'),
)

async function reserveNames(db: Db, user: StoredUser, names: readonly UserName[]): Promise<void> {
  if (names.length === 0) return
  for (const name of names) if (await isSubOfAnother(db, user, name)) throw new NameTaken(name.kind)
  // In one order: rivals for several names must not wait for each other.
  const ordered = [...names].sort((one, other) => (one.key < other.key ? -1 : 1))
  const { rows } = await insertNames(db, user.sub, user.userPoolId, ...ordered.flatMap(({ kind, key }) => [kind, key]))
  const taken = names.find(({ key }) => !rows.some((row) => row.name_key === key))
  if (taken) throw new NameTaken(taken.kind)
}

// Every operation knows a user by its sub as well: nobody else may be called that.
async function isSubOfAnother(db: Db, user: StoredUser, name: UserName): Promise<boolean> {
  const sub = name.key.slice(1)
  return looksLikeSub(sub) && sub !== user.sub && (await findUserBySub(db, user.userPoolId, sub)) !== undefined
}

async function releaseNames(db: Db, user: StoredUser, names: readonly UserName[]): Promise<void> {
  await db
    .deleteFrom('user_names')
    .where(
      'name_key',
      'in',
      names.map((name) => name.key),
    )
    .where('user_pool_id', '=', user.userPoolId)
    .where('user_sub', '=', user.sub)
    .execute()
}

const insertSearchRows = statement((db, sub: string, userPoolId: string, ...attributesAndKeys: string[]) =>
  db.insertInto('user_search').values(
    pairs(attributesAndKeys).map(([attribute, key]) => ({
      user_sub: sub,
      attribute,
      user_pool_id: userPoolId,
      value_key: key,
    })),
  ),
)

async function insertSearchKeys(db: Db, user: StoredUser, keys: readonly (readonly [string, string])[]): Promise<void> {
  if (keys.length > 0) await insertSearchRows(db, user.sub, user.userPoolId, ...keys.flat())
}

const pairs = (flat: readonly string[]): [string, string][] =>
  Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] as string, flat[2 * i + 1] as string])

async function replaceSearchKeys(db: Db, before: StoredUser, after: StoredUser): Promise<void> {
  const had = searchKeysOf(before)
  const has = searchKeysOf(after)
  const gone = [...had].filter(([attribute, key]) => has.get(attribute) !== key).map(([attribute]) => attribute)
  if (gone.length > 0)
    await db
      .deleteFrom('user_search')
      .where('user_sub', '=', before.sub)
      .where('attribute', 'in', gone)
      .where('user_pool_id', '=', before.userPoolId)
      .execute()
  await insertSearchKeys(
    db,
    after,
    [...has].filter(([attribute, key]) => had.get(attribute) !== key),
  )
}
