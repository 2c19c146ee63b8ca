// Renaming users and groups and giving them another path. The name is part of the key under which everything else knows
// them, so the row moves, and what refers to it moves with it in the same transaction.
import type { Context } from '../context.ts'
import { Stale, withRetries } from '../database/compare-and-set.ts'
import type { Db } from '../database/database.ts'
import { type Reference, requireEntity } from './entity-changes.ts'
import { deleteEntity, insertEntity, pathKey } from './entity-store.ts'
import { type Entity, entityKey } from './entity-types.ts'
import { nameTakenError } from './iam-errors.ts'
import { moveAttachments } from './policies/attachment-store.ts'

type Movable = 'user' | 'group'

/** What changes; absent members stay as they are. */
export interface Move {
  name: string | undefined
  path: string | undefined
}

/** The entity as it will be called. */
export function moved<Kind extends Movable>(entity: Entity<Kind>, { name, path }: Move): Entity<Kind> {
  const settings = {
    ...entity.settings,
    ...(name !== undefined && { name }),
    ...(path !== undefined && { path }),
  }
  return { ...entity, key: entityKey(entity.kind, settings.name), settings }
}

/**
 * Moves an entity. `follow` writes what else refers to it when its key changes (in the transaction; may run more than
 * once) and names the keys that caches have to forget. Throws EntityAlreadyExists for a name that another one has.
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
