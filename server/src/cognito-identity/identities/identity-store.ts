// Every statement on the tables of identities and their logins.
//
// A login's row is a reservation: its primary key says that it leads to one identity of the pool. Whatever gives an
// identity logins or takes some away also writes the identity's own row, comparing its version: so two that link logins
// of one provider to it, or merge it, meet there. Logins never lead to a disabled identity.
import { affectedRows, type Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import { statement } from '../../database/statement.ts'
import { type Login, loginKey } from './login-rules.ts'

export interface Identity {
  readonly id: string
  readonly poolId: string
  /** Merged into another one. */
  readonly disabled: boolean
  /** The one that took over, if it is disabled. */
  readonly mergedInto: string | undefined
  /** It has or once had a login: a guest's no more. */
  readonly linked: boolean
  readonly logins: readonly Login[]
  readonly createdAt: number
  readonly updatedAt: number
  readonly version: number
}

type Row = Schema['identities'] & { provider: string | null; subject: string | null }

/** One row for each login of an identity, or one without a login. */
const withLogins = (db: Db) =>
  db
    .selectFrom('identities')
    .leftJoin('identity_logins', 'identity_logins.identity_id', 'identities.identity_id')
    .selectAll('identities')
    .select(['identity_logins.provider', 'identity_logins.subject'])

function identitiesFromRows(rows: readonly Row[]): Identity[] {
  const byId = new Map<string, Identity & { logins: Login[] }>()
  for (const row of rows) {
    const known = byId.get(row.identity_id)
    const logins = known?.logins ?? []
    if (row.provider !== null && row.subject !== null) logins.push({ provider: row.provider, subject: row.subject })
    if (known) continue
    byId.set(row.identity_id, {
      id: row.identity_id,
      poolId: row.identity_pool_id,
      disabled: row.disabled === 1,
      mergedInto: row.merged_into === '' ? undefined : row.merged_into,
      linked: row.linked === 1,
      logins,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      version: row.version,
    })
  }
  return [...byId.values()]
}

const identityById = statement((db, id: string) => withLogins(db).where('identities.identity_id', '=', id))

/** An identity with its logins, as of one moment. */
export const findIdentity = async (db: Db, id: string): Promise<Identity | undefined> =>
  identitiesFromRows((await identityById(db, id)).rows)[0]

const ownerOfLogin = statement((db, key: string, poolId: string) =>
  db
    .selectFrom('identity_logins')
    .select('identity_id')
    .where('login_key', '=', key)
    .where('identity_pool_id', '=', poolId),
)

/** The id of the identity that a login leads to. */
export const findOwnerId = async (db: Db, poolId: string, login: Login): Promise<string | undefined> =>
  (await ownerOfLogin(db, loginKey(login), poolId)).rows[0]?.identity_id

/** The identities that any of these logins leads to, each with all of its logins. */
export async function findOwners(db: Db, poolId: string, logins: readonly Login[]): Promise<Identity[]> {
  if (logins.length === 0) return []
  const owners = db
    .selectFrom('identity_logins')
    .select('identity_id')
    .where('login_key', 'in', logins.map(loginKey))
    .where('identity_pool_id', '=', poolId)
  return identitiesFromRows(await withLogins(db).where('identities.identity_id', 'in', owners).execute())
}

const newIdentity = statement((db, id: string, poolId: string, linked: number, createdAt: number, updatedAt: number) =>
  db.insertInto('identities').values({
    identity_id: id,
    identity_pool_id: poolId,
    disabled: 0,
    merged_into: '',
    linked,
    created_at: createdAt,
    updated_at: updatedAt,
    version: 1,
  }),
)

/** Writes a new identity without logins; `linked` when some follow in the same transaction. */
export async function insertIdentity(
  db: Db,
  { id, poolId, linked }: Pick<Identity, 'id' | 'poolId' | 'linked'>,
  now: number,
): Promise<void> {
  await newIdentity(db, id, poolId, linked ? 1 : 0, now, now)
}

/** Makes logins lead to an identity; false when one leads somewhere already. Undo the transaction then. */
export async function insertLogins(
  db: Db,
  { id, poolId }: Pick<Identity, 'id' | 'poolId'>,
  logins: readonly Login[],
  now: number,
): Promise<boolean> {
  if (logins.length === 0) return true
  const result = await db
    .insertInto('identity_logins')
    .values(
      logins.map((login) => ({
        login_key: loginKey(login),
        identity_pool_id: poolId,
        identity_id: id,
        provider: login.provider,
        subject: login.subject,
        created_at: now,
      })),
    )
    .onConflict((conflict) => conflict.columns(['login_key', 'identity_pool_id']).doNothing())
    .executeTakeFirst()
  return affectedRows(result) === logins.length
}

/** Notes that an identity's logins change; false when it is not as it was read. With `mergedInto` it is disabled. */
export async function updateIdentity(
  db: Db,
  { id, version }: Pick<Identity, 'id' | 'version'>,
  now: number,
  mergedInto?: string,
): Promise<boolean> {
  const result = await db
    .updateTable('identities')
    .set({
      linked: 1,
      updated_at: now,
      version: version + 1,
      ...(mergedInto !== undefined && { disabled: 1, merged_into: mergedInto }),
    })
    .where('identity_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Makes all logins of one identity lead to another. */
export async function moveLogins(db: Db, from: Identity, toId: string): Promise<void> {
  if (from.logins.length === 0) return
  await db
    .updateTable('identity_logins')
    .set({ identity_id: toId })
    .where('login_key', 'in', from.logins.map(loginKey))
    .where('identity_pool_id', '=', from.poolId)
    .execute()
}

export async function deleteLogins(
  db: Db,
  identity: Pick<Identity, 'poolId'>,
  logins: readonly Login[],
): Promise<void> {
  if (logins.length === 0) return
  await db
    .deleteFrom('identity_logins')
    .where('login_key', 'in', logins.map(loginKey))
    .where('identity_pool_id', '=', identity.poolId)
    .execute()
}

/** Deletes an identity with its logins; false when it is not as it was read. In a transaction. */
export async function deleteIdentity(db: Db, identity: Identity): Promise<boolean> {
  const result = await db
    .deleteFrom('identities')
    .where('identity_id', '=', identity.id)
    .where('version', '=', identity.version)
    .executeTakeFirst()
  if (affectedRows(result) === 0) return false
  await deleteLogins(db, identity, identity.logins)
  return true
}

/** A place in the list of a pool's identities: live ones first, then by id. */
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
  const rows = await page.orderBy('disabled').orderBy('identity_id').limit(limit).execute()
  if (rows.length === 0) return []
  const logins = await db
    .selectFrom('identity_logins')
    .select(['identity_id', 'provider', 'subject'])
    .where(
      'identity_id',
      'in',
      rows.map((row) => row.identity_id),
    )
    .execute()
  const none = { provider: null, subject: null }
  return identitiesFromRows(
    rows.flatMap((row): Row[] => {
      const own = logins.filter((login) => login.identity_id === row.identity_id)
      return own.length > 0 ? own.map((login) => ({ ...row, ...login })) : [{ ...row, ...none }]
    }),
  )
}

/** Deletes some identities of a pool with their logins; false when none are left. */
export async function deleteSomeIdentities(db: Db, poolId: string, limit: number): Promise<boolean> {
  const rows = await db
    .selectFrom('identities')
    .select('identity_id')
    .where('identity_pool_id', '=', poolId)
    .orderBy('disabled')
    .orderBy('identity_id')
    .limit(limit)
    .execute()
  if (rows.length === 0) return false
  const ids = rows.map((row) => row.identity_id)
  // Logins first: an identity that is gone could not be found again to remove what is left of it.
  for (const table of ['identity_logins', 'identities'] as const)
    await db.deleteFrom(table).where('identity_id', 'in', ids).execute()
  return true
}

/** Pools that were deleted until `before`. */
export async function findPoolRemovals(db: Db, before: number, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('identity_pool_removals')
    .select('identity_pool_id')
    .where('requested_at', '<=', before)
    .orderBy('identity_pool_id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.identity_pool_id)
}

export async function finishPoolRemoval(db: Db, poolId: string): Promise<void> {
  await db.deleteFrom('identity_pool_removals').where('identity_pool_id', '=', poolId).execute()
}
