// Every statement on the tables of identities and their logins.
//
// An identity holds its logins in its own row. A row of `identity_logins` reserves a login: it says to which identity
// the login leads, and its primary key allows one identity of the pool. Both are written in one transaction. Every
// change of an identity's logins is a compare-and-set on the version of its row, so two requests that link logins of
// one provider to it, or merge it, conflict there; two that link one login to different identities conflict at the
// reservation. Logins never lead to a disabled identity. No statement joins the two tables: they are distributed by
// different columns (database/placements.ts), so a login is looked up first and its identity read by id.
import { Stale } from '../../database/compare-and-set.ts'
import { affectedRows, type Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import { insertStatement, paddedKeys, rowStatement, statement } from '../../database/statement.ts'
import { holdsLogin, isSameLogin, type Login, loginKey } from './login-rules.ts'

export interface Identity {
  readonly id: string
  readonly poolId: string
  /** Merged into another one. */
  readonly disabled: boolean
  /** The one that took over, if it is disabled. */
  readonly mergedInto: string | undefined
  /** It has or once had a login: guests cannot use it. */
  readonly linked: boolean
  /** At most MAX_LOGINS (link-rules.ts). */
  readonly logins: readonly Login[]
  readonly createdAt: number
  readonly updatedAt: number
  readonly version: number
}

const identityFromRow = (row: Schema['identities']): Identity => ({
  id: row.identity_id,
  poolId: row.identity_pool_id,
  disabled: row.disabled === 1,
  mergedInto: row.merged_into === '' ? undefined : row.merged_into,
  linked: row.linked === 1,
  logins: loginsFromText(row.logins),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
})

const loginsFromText = (text: string): Login[] =>
  (JSON.parse(text) as [string, string][]).map(([provider, subject]) => ({ provider, subject }))

const loginsText = (logins: readonly Login[]): string =>
  JSON.stringify(logins.map(({ provider, subject }) => [provider, subject]))

const identityById = rowStatement((db, id: string) =>
  db.selectFrom('identities').selectAll().where('identity_id', '=', id),
)

/** An identity with its logins, as of one moment. */
export async function findIdentity(db: Db, id: string): Promise<Identity | undefined> {
  const row = await identityById(db, id)
  return row && identityFromRow(row)
}

const reservations = statement((db, poolId: string, ...keys: string[]) =>
  db
    .selectFrom('identity_logins')
    .select(['login_key', 'identity_id'])
    .where('login_key', 'in', keys)
    .where('identity_pool_id', '=', poolId),
)

/** The ids of the identities that logins lead to, in the order of the logins; undefined for an unknown login. */
export async function findOwnerIds(
  db: Db,
  poolId: string,
  logins: readonly Login[],
): Promise<readonly (string | undefined)[]> {
  if (logins.length === 0) return []
  const keys = logins.map(loginKey)
  const { rows } = await reservations(db, poolId, ...paddedKeys(keys))
  const owners = new Map(rows.map((row) => [row.login_key, row.identity_id]))
  return keys.map((key) => owners.get(key))
}

/** The id of the identity that a login leads to. */
export const findOwnerId = async (db: Db, poolId: string, login: Login): Promise<string | undefined> =>
  (await findOwnerIds(db, poolId, [login]))[0]

const identitiesByIds = statement((db, ...ids: string[]) =>
  db.selectFrom('identities').selectAll().where('identity_id', 'in', ids),
)

/**
 * The identities with these ids, which findOwnerIds returned for `logins`. Throws Stale when one no longer holds its
 * login.
 */
export async function readOwners(
  db: Db,
  logins: readonly Login[],
  ownerIds: readonly (string | undefined)[],
): Promise<Identity[]> {
  const ids = new Set(ownerIds.filter((id) => id !== undefined))
  if (ids.size === 0) return []
  const owners = (await identitiesByIds(db, ...ids)).rows.map(identityFromRow)
  for (const [i, login] of logins.entries()) {
    const id = ownerIds[i]
    if (id !== undefined && !owners.some((owner) => owner.id === id && holdsLogin(owner, login))) throw new Stale()
  }
  return owners
}

/** The identities that any of these logins leads to. Throws Stale when they changed between the two reads. */
export const findOwners = async (db: Db, poolId: string, logins: readonly Login[]): Promise<Identity[]> =>
  readOwners(db, logins, await findOwnerIds(db, poolId, logins))

const newIdentity = insertStatement('identities')

/**
 * Writes a new identity; a guest's has no logins. False when one of its logins is already reserved: the transaction
 * must be rolled back then. With logins it must run in a transaction.
 */
export async function insertIdentity(
  db: Db,
  { id, poolId, logins }: Pick<Identity, 'id' | 'poolId' | 'logins'>,
  now: number,
): Promise<boolean> {
  await newIdentity(db, {
    identity_id: id,
    identity_pool_id: poolId,
    disabled: 0,
    merged_into: '',
    linked: logins.length > 0 ? 1 : 0,
    logins: loginsText(logins),
    created_at: now,
    updated_at: now,
    version: 1,
  })
  return reserve(db, poolId, id, logins)
}

const identityWithLogins = statement(
  (
    db,
    id: string,
    version: number,
    logins: string,
    disabled: number,
    merged_into: string,
    updated_at: number,
    nextVersion: number,
  ) =>
    db
      .updateTable('identities')
      .set({ logins, linked: 1, disabled, merged_into, updated_at, version: nextVersion })
      .where('identity_id', '=', id)
      .where('version', '=', version),
)

/**
 * Replaces the logins of a live identity. False when it has changed since it was read, or when a new login is already
 * reserved: the transaction must be rolled back then. Must run in a transaction.
 */
export const updateLogins = (db: Db, identity: Identity, logins: readonly Login[], now: number): Promise<boolean> =>
  writeLogins(db, identity, logins, '', now)

/**
 * Disables an identity whose logins another one takes over. False when it has changed since it was read. Must run in a
 * transaction.
 */
export const disableIdentity = (db: Db, identity: Identity, mergedInto: string, now: number): Promise<boolean> =>
  writeLogins(db, identity, [], mergedInto, now)

const raisedVersion = statement((db, id: string, version: number, nextVersion: number) =>
  db
    .updateTable('identities')
    .set({ version: nextVersion })
    .where('identity_id', '=', id)
    .where('version', '=', version),
)

/**
 * Raises the version of an identity to which the transaction adds a dataset, so that a merger or deletion that does not know
 * the dataset begins anew. False when the identity has changed since it was read.
 */
export async function raiseVersion(db: Db, { id, version }: Identity): Promise<boolean> {
  const { affected } = await raisedVersion(db, id, version, version + 1)
  return affected === 1
}

async function writeLogins(
  db: Db,
  identity: Identity,
  logins: readonly Login[],
  mergedInto: string,
  now: number,
): Promise<boolean> {
  const { id, poolId, version } = identity
  const disabled = mergedInto === '' ? 0 : 1
  const text = loginsText(logins)
  const { affected } = await identityWithLogins(db, id, version, text, disabled, mergedInto, now, version + 1)
  if (affected === 0) return false
  await release(db, poolId, without(identity.logins, logins))
  return reserve(db, poolId, id, without(logins, identity.logins))
}

const without = (logins: readonly Login[], others: readonly Login[]): Login[] =>
  logins.filter((login) => !others.some((other) => isSameLogin(other, login)))

const insertReservations = insertStatement('identity_logins', (insert) =>
  insert.onConflict((conflict) => conflict.columns(['login_key', 'identity_pool_id']).doNothing()),
)

async function reserve(db: Db, poolId: string, id: string, logins: readonly Login[]): Promise<boolean> {
  if (logins.length === 0) return true
  // Sorted, so that two transactions that reserve the same logins cannot deadlock.
  const keys = logins.map(loginKey).sort()
  const rows = keys.map((key) => ({ login_key: key, identity_pool_id: poolId, identity_id: id }))
  const { affected } = await insertReservations(db, ...rows)
  return affected === logins.length
}

async function release(db: Db, poolId: string, logins: readonly Login[]): Promise<void> {
  if (logins.length === 0) return
  await db
    .deleteFrom('identity_logins')
    .where('login_key', 'in', logins.map(loginKey))
    .where('identity_pool_id', '=', poolId)
    .execute()
}

/** Deletes an identity with its logins; false when it has changed since it was read. Must run in a transaction. */
export async function deleteIdentity(db: Db, identity: Identity): Promise<boolean> {
  const result = await db
    .deleteFrom('identities')
    .where('identity_id', '=', identity.id)
    .where('version', '=', identity.version)
    .executeTakeFirst()
  if (affectedRows(result) === 0) return false
  await release(db, identity.poolId, identity.logins)
  return true
}

/** A position in the list of a pool's identities: live ones first, then by id. */
export interface IdentityPlace {
  disabled: boolean
  id: string
}

export interface IdentityRange {
  hideDisabled: boolean
  /** Undefined for the first page. */
  after: IdentityPlace | undefined
  limit: number
}

/** A page of a pool's identities with their logins. */
export async function listIdentities(
  db: Db,
  poolId: string,
  { hideDisabled, after, limit }: IdentityRange,
): Promise<Identity[]> {
  let page = db.selectFrom('identities').selectAll().where('identity_pool_id', '=', poolId)
  if (hideDisabled) page = page.where('disabled', '=', 0)
  if (after) {
    page = hideDisabled
      ? page.where('identity_id', '>', after.id)
      : page.where((eb) => eb(eb.refTuple('disabled', 'identity_id'), '>', eb.tuple(after.disabled ? 1 : 0, after.id)))
  }
  return (await page.orderBy('disabled').orderBy('identity_id').limit(limit).execute()).map(identityFromRow)
}

/** Deletes identities of a pool with their logins, even if they have changed since they were read. */
export async function deleteIdentities(db: Db, poolId: string, identities: readonly Identity[]): Promise<void> {
  if (identities.length === 0) return
  // Logins first: once an identity is deleted nothing finds its reservations.
  await release(
    db,
    poolId,
    identities.flatMap(({ logins }) => logins),
  )
  const ids = identities.map(({ id }) => id)
  await db.deleteFrom('identities').where('identity_id', 'in', ids).execute()
}
