// Making, changing and removing entities: each one transaction in which every rival writes the entity's own row, so that
// what was decided still holds when it is written. Who writes several rows does so in one order, so that rivals do not wait
// for each other: policies that are referred to, the entity itself, the count of its kind.
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

/** The entity that a request means. */
export interface Reference<Kind extends EntityKind = EntityKind> {
  kind: Kind
  key: string
  /** False for one that the key finds and the request does not mean: an ARN names a path and an account as well. */
  means?(entity: Entity<Kind>): boolean
  notFoundError(): ApiError
}

/** A role, user or group by its name, whose case does not matter. */
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
  /** Writes that belong to it, such as the use of a boundary. In the transaction; may throw, and may run more than once. */
  alongside?(db: Db, key: string): Promise<void>
}

/** Makes an entity. Throws `takenError`, or LimitExceeded when the account has as many as it may. */
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
      if (!(await insertEntity(db, entity, placeOf(name, settings)))) throw takenError()
      if (!(await countEntity(db, kind, entityQuotas[kind].max))) throw quotaExceededError(entityQuotas[kind])
    }),
  )
  context.iam.forget(entity.key)
  return { ...entity, version: 1 }
}

/** Where lists have it: by path and name; what has no path, by its name. */
const placeOf = (name: string, settings: SettingsByKind[EntityKind]): string =>
  'path' in settings ? pathKey({ path: settings.path, name }) : name.toLowerCase()

/**
 * Reads the entity, asks `decide` what its settings become, and writes that; anew when another write came between.
 * `decide` may run statements on the `db` it is given (one transaction) and may throw an ApiError, which undoes all of
 * it; it may run more than once. Returning the settings it was given writes nothing.
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
 * Removes an entity. `prepare` throws if something of it remains that must go first, and deletes rows that go with it
 * (in the transaction; may run more than once).
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
