// Creating, changing and deleting entities. Each is one transaction that writes the entity's own row, so that
// concurrent changes of it conflict there. Transactions that write several rows write them in one order, so that they
// cannot deadlock: policies that are referred to, the entity itself, the count of its kind.
import type { Context } from '../context.ts'
import { Stale, withRetries } from '../database/compare-and-set.ts'
import type { Db } from '../database/database.ts'
import type { ApiError } from '../errors.ts'
import {
  countEntity,
  deleteEntity,
  findEntity,
  insertEntity,
  pathKey,
  uncountEntity,
  updateEntity,
} from './entity-store.ts'
import { type Entity, type EntityKind, entityKey, type SettingsByKind } from './entity-types.ts'
import { noSuchNameError, quotaExceededError } from './iam-errors.ts'
import { newEntityId } from './ids.ts'
import { entityQuotas } from './limits.ts'

type Parts = Pick<Context, 'database' | 'clock' | 'iam' | 'random'>

/** How a request names an entity. */
export interface Reference<Kind extends EntityKind = EntityKind> {
  kind: Kind
  key: string
  /** False when the entity of the key is not the one in the request: an ARN also names a path and an account. */
  means?(entity: Entity<Kind>): boolean
  notFoundError(): ApiError
}

/** A role, user or group by its name, without case. */
export const named = <Kind extends 'role' | 'user' | 'group'>(kind: Kind, name: string): Reference<Kind> => ({
  kind,
  key: entityKey(kind, name),
  notFoundError: () => noSuchNameError(kind, name),
})

/** The entity as the database has it now, not as the cache does. Throws the reference's `notFoundError`. */
export async function requireEntity<Kind extends EntityKind>(
  db: Db,
  reference: Reference<Kind>,
): Promise<Entity<Kind>> {
  const entity = await findEntity(db, reference.kind, reference.key)
  if (!entity || reference.means?.(entity) === false) throw reference.notFoundError()
  return entity
}

export interface NewEntity<Kind extends EntityKind> {
  kind: Kind
  /** What its key is made of: the name, or the URL of an OIDC provider. */
  name: string
  settings: SettingsByKind[Kind]
  takenError(): ApiError
  /**
   * Further writes in the same transaction, such as the use of a boundary. May throw; runs again when the transaction
   * is retried.
   */
  alongside?(db: Db, key: string): Promise<void>
}

/** Creates an entity. Throws `takenError`, or LimitExceeded when the quota of the account is reached. */
export async function createEntity<Kind extends EntityKind>(
  context: Parts,
  { kind, name, settings, takenError, alongside }: NewEntity<Kind>,
): Promise<Entity<Kind>> {
  const now = context.clock.now()
  const entity = {
    kind,
    key: entityKey(kind, name),
    id: newEntityId(context.random, kind),
    settings,
    createdAt: now,
    updatedAt: now,
  }
  await withRetries(() =>
    context.database.transaction(async (db) => {
      await alongside?.(db, entity.key)
      if (!(await insertEntity(db, entity, listPosition(name, settings)))) throw takenError()
      if (!(await countEntity(db, kind, entityQuotas[kind].max))) throw quotaExceededError(entityQuotas[kind])
    }),
  )
  context.iam.forget(entity.key)
  return { ...entity, version: 1 }
}

/** The position in lists: path and name, or the name of an entity without a path. */
const listPosition = (name: string, settings: SettingsByKind[EntityKind]): string =>
  'path' in settings ? pathKey({ path: settings.path, name }) : name.toLowerCase()

/**
 * Reads the entity and writes the settings that `decide` returns, retried after a conflict. `decide` may run statements
 * on `db` in the same transaction and may throw an ApiError, which rolls the transaction back; it runs again on a
 * retry. When it returns the settings that it was given nothing is written.
 */
export async function changeEntity<Kind extends EntityKind>(
  context: Parts,
  reference: Reference<Kind>,
  decide: (entity: Entity<Kind>, db: Db) => SettingsByKind[Kind] | Promise<SettingsByKind[Kind]>,
): Promise<Entity<Kind>> {
  const { changed, after } = await withRetries(() =>
    context.database.transaction(async (db) => {
      const entity = await requireEntity(db, reference)
      const settings = await decide(entity, db)
      if (settings === entity.settings) return { changed: [], after: entity }
      const now = context.clock.now()
      if (!(await updateEntity(db, entity, settings, now))) throw new Stale()
      return { changed: [entity.key], after: { ...entity, settings, updatedAt: now, version: entity.version + 1 } }
    }),
  )
  for (const key of changed) context.iam.forget(key)
  return after
}

/**
 * Deletes an entity. `prepare` runs in the transaction, and again on a retry: it throws when something has to be
 * deleted before the entity, and deletes the rows that belong to it.
 */
export async function removeEntity<Kind extends EntityKind>(
  context: Parts,
  reference: Reference<Kind>,
  prepare?: (entity: Entity<Kind>, db: Db) => Promise<void> | void,
): Promise<Entity<Kind>> {
  const removed = await withRetries(() =>
    context.database.transaction(async (db) => {
      const entity = await requireEntity(db, reference)
      await prepare?.(entity, db)
      if (!(await deleteEntity(db, entity))) throw new Stale()
      await uncountEntity(db, entity.kind)
      return entity
    }),
  )
  context.iam.forget(removed.key)
  return removed
}
