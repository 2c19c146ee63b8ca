// Statements on the tables of IAM: entities, their counts, and access keys with their secrets.
import type { Sealer } from '../crypto/seal.ts'
import { affectedRows, type Db } from '../database/database.ts'
import type { AccessKey, Entity, EntityKind, SettingsByKind } from './entity-types.ts'

interface EntityRow {
  entity_key: string
  entity_id: string
  settings: string
  created_at: number
  updated_at: number
  version: number
}

const columns = ['entity_key', 'entity_id', 'settings', 'created_at', 'updated_at', 'version'] as const

const entityFromRow = <Kind extends EntityKind>(kind: Kind, row: EntityRow): Entity<Kind> => ({
  kind,
  key: row.entity_key,
  id: row.entity_id,
  settings: JSON.parse(row.settings) as SettingsByKind[Kind],
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
})

/** The entity of a key (`entityKey`), which begins with its kind. */
export async function findEntity<Kind extends EntityKind>(
  db: Db,
  kind: Kind,
  key: string,
): Promise<Entity<Kind> | undefined> {
  const row = await db.selectFrom('iam_entities').select(columns).where('entity_key', '=', key).executeTakeFirst()
  return row && entityFromRow(kind, row)
}

/** The entities that exist of these keys, in no order. */
export async function findEntities<Kind extends EntityKind>(
  db: Db,
  kind: Kind,
  keys: readonly string[],
): Promise<Entity<Kind>[]> {
  if (keys.length === 0) return []
  const rows = await db.selectFrom('iam_entities').select(columns).where('entity_key', 'in', keys).execute()
  return rows.map((row) => entityFromRow(kind, row))
}

/** A range of the list of a kind, which is ordered by path and name without case. */
export interface EntityRange {
  /** Without case. */
  pathPrefix: string
  /** The path key of the last row of the page before. */
  after: string | undefined
  limit: number
}

/** `path + name` in lower case, by which lists are ordered. */
export const pathKey = ({ path, name }: { path: string; name: string }): string => `${path}${name}`.toLowerCase()

/** One page of the entities of a kind. */
export async function listEntities<Kind extends EntityKind>(
  db: Db,
  kind: Kind,
  { pathPrefix, after, limit }: EntityRange,
): Promise<Entity<Kind>[]> {
  let query = db.selectFrom('iam_entities').select(columns).where('kind', '=', kind)
  const prefix = pathPrefix.toLowerCase()
  if (prefix !== '') query = query.where('path_key', '>=', prefix).where('path_key', '<', `${prefix}\u{10ffff}`)
  if (after !== undefined) query = query.where('path_key', '>', after)
  const rows = await query.orderBy('path_key').limit(limit).execute()
  return rows.map((row) => entityFromRow(kind, row))
}

/**
 * False when the name is taken. `place`: its position in lists (pathKey). `version`: of a renamed entity, whose
 * versions go on.
 */
export async function insertEntity<Kind extends EntityKind>(
  db: Db,
  entity: Omit<Entity<Kind>, 'version'> & { version?: number },
  place: string,
): Promise<boolean> {
  const { kind, key, id, settings, createdAt, updatedAt, version = 1 } = entity
  const result = await db
    .insertInto('iam_entities')
    .values({
      entity_key: key,
      kind,
      path_key: place,
      entity_id: id,
      settings: JSON.stringify(settings),
      created_at: createdAt,
      updated_at: updatedAt,
      version,
    })
    .onConflict((conflict) => conflict.column('entity_key').doNothing())
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Writes new settings: compare-and-set on the version that was read; false after a conflict. */
export async function updateEntity<Kind extends EntityKind>(
  db: Db,
  { key, version }: Pick<Entity<Kind>, 'key' | 'version'>,
  settings: SettingsByKind[Kind],
  now: number,
): Promise<boolean> {
  const result = await db
    .updateTable('iam_entities')
    .set({ settings: JSON.stringify(settings), updated_at: now, version: version + 1 })
    .where('entity_key', '=', key)
    .where('version', '=', version)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/**
 * Locks an entity's row until the end of the transaction by writing a new version. Transactions that read the version
 * before have a conflict then. False when the entity was deleted.
 */
export async function touchEntity(db: Db, { key, id }: Pick<Entity, 'key' | 'id'>): Promise<boolean> {
  const result = await db
    .updateTable('iam_entities')
    .set((row) => ({ version: row('version', '+', 1) }))
    .where('entity_key', '=', key)
    .where('entity_id', '=', id)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Deletes an entity: compare-and-set on the version that was read; false after a conflict. */
export async function deleteEntity(db: Db, { key, version }: Pick<Entity, 'key' | 'version'>): Promise<boolean> {
  const result = await db
    .deleteFrom('iam_entities')
    .where('entity_key', '=', key)
    .where('version', '=', version)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Counts one more entity of a kind unless there are `max`; false when there are. */
export async function countEntity(db: Db, kind: EntityKind, max: number): Promise<boolean> {
  const result = await db
    .insertInto('iam_counts')
    .values({ kind, entity_count: 1 })
    .onConflict((conflict) =>
      conflict
        .column('kind')
        .doUpdateSet((row) => ({ entity_count: row('iam_counts.entity_count', '+', 1) }))
        .where('iam_counts.entity_count', '<', max),
    )
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** The count of versions of managed policies. */
export const VERSIONS_COUNT = 'policy-version'

/** Adds `change` to the count of policy versions. In a transaction, before the policy's own row is written. */
export async function countVersions(db: Db, change: number): Promise<void> {
  await db
    .insertInto('iam_counts')
    .values({ kind: VERSIONS_COUNT, entity_count: change })
    .onConflict((conflict) =>
      conflict.column('kind').doUpdateSet((row) => ({
        entity_count: row('iam_counts.entity_count', '+', change),
      })),
    )
    .execute()
}

/** Subtracts one from the count of a kind. */
export async function uncountEntity(db: Db, kind: EntityKind): Promise<void> {
  await db
    .updateTable('iam_counts')
    .set((row) => ({ entity_count: row('entity_count', '-', 1) }))
    .where('kind', '=', kind)
    .execute()
}

/** The counts of entities by kind, and of policy versions; a missing kind counts as 0. */
export async function entityCounts(db: Db): Promise<ReadonlyMap<string, number>> {
  const rows = await db.selectFrom('iam_counts').select(['kind', 'entity_count']).execute()
  return new Map(rows.map((row) => [row.kind, row.entity_count]))
}

const secretPurpose = 'iam access key'

/** An access key with its secret opened. */
export async function findAccessKey(db: Db, sealer: Sealer, accessKeyId: string): Promise<AccessKey | undefined> {
  const row = await db
    .selectFrom('iam_access_keys')
    .select(['access_key_id', 'user_key', 'secret_sealed', 'status', 'created_at'])
    .where('access_key_id', '=', accessKeyId)
    .executeTakeFirst()
  if (!row) return undefined
  const secret = sealer.open(secretPurpose, row.secret_sealed, row.access_key_id)
  if (!secret) throw new Error(`The access key ${row.access_key_id} does not open with this master key.`)
  return {
    accessKeyId: row.access_key_id,
    userKey: row.user_key,
    secretAccessKey: secret.toString(),
    status: row.status as AccessKey['status'],
    createdAt: row.created_at,
  }
}

/** The secret of a new key as it is stored. */
export const sealSecret = (sealer: Sealer, accessKeyId: string, secret: string): string =>
  sealer.seal(secretPurpose, secret, accessKeyId)

/** Writes a new key; `secretSealed` by sealSecret. */
export async function insertAccessKey(
  db: Db,
  key: Omit<AccessKey, 'secretAccessKey'>,
  secretSealed: string,
): Promise<void> {
  await db
    .insertInto('iam_access_keys')
    .values({
      access_key_id: key.accessKeyId,
      user_key: key.userKey,
      secret_sealed: secretSealed,
      status: key.status,
      created_at: key.createdAt,
    })
    .execute()
}
