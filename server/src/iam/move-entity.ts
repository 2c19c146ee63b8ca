// Renaming users and groups, or giving them another path. The name is part of the entity's key, so the row is replaced
// by one with the new key, and rows that refer to it are changed in the same transaction.
import type { Context } from '../context.ts'
import { Stale, withRetries } from '../database/compare-and-set.ts'
import type { Db } from '../database/database.ts'
import { type Reference, requireEntity } from './entity-changes.ts'
import { deleteEntity, insertEntity, pathKey } from './entity-store.ts'
import { type Entity, entityKey } from './entity-types.ts'
import { nameTakenError } from './iam-errors.ts'
import { moveAttachments } from './policies/attachment-store.ts'

type Movable = 'user' | 'group'

/** The new name and path; undefined members stay the same. */
export interface Move {
  name: string | undefined
  path: string | undefined
}

/** The entity under its new name and path. */
export function moved<Kind extends Movable>(entity: Entity<Kind>, { name, path }: Move): Entity<Kind> {
  const settings = {
    ...entity.settings,
    ...(name !== undefined && { name }),
    ...(path !== undefined && { path }),
  }
  return { ...entity, key: entityKey(entity.kind, settings.name), settings }
}

/**
 * Renames an entity. When its key changes, `follow` changes the rows that refer to it and returns the keys that caches
 * have to forget; it runs in the transaction, and again on a retry. Throws EntityAlreadyExists when the new name is
 * taken.
 */
export async function moveEntity<Kind extends Movable>(
  context: Pick<Context, 'database' | 'clock' | 'iam'>,
  reference: Reference<Kind>,
  move: Move,
  follow: (db: Db, from: Entity<Kind>, to: Entity<Kind>) => Promise<string[]>,
): Promise<void> {
  const changed = await withRetries(() =>
    context.database.transaction(async (db) => {
      const from = await requireEntity(db, reference)
      const to = { ...moved(from, move), version: from.version + 1, updatedAt: context.clock.now() }
      if (!(await deleteEntity(db, from))) throw new Stale()
      if (!(await insertEntity(db, to, pathKey(to.settings)))) throw nameTakenError(to.kind, to.settings.name)
      if (to.key === from.key) return [from.key]
      await moveAttachments(db, from.key, to.key)
      return [from.key, to.key, ...(await follow(db, from, to))]
    }),
  )
  for (const key of changed) context.iam.forget(key)
}
