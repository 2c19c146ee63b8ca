// Every statement on what is told of the use of identity pools' datasets.
import type { Db } from '../database/database.ts'
import { paddedKeys, statement } from '../database/statement.ts'

/** The use of a pool's datasets, or a difference to it. */
export interface PoolUsage {
  /** Sync session tokens that were made. */
  readonly sessions: number
  /** UTF-8 bytes of keys and values. */
  readonly storage: number
  /** When a dataset was last changed (epoch milliseconds); 0: never. */
  readonly updatedAt: number
}

const add = statement((db, poolId: string, sessions: number, storage: number, updatedAt: number, later: number) =>
  db
    .insertInto('sync_usage')
    .values({ identity_pool_id: poolId, sessions, storage, updated_at: updatedAt })
    .onConflict((conflict) =>
      conflict.column('identity_pool_id').doUpdateSet((row) => ({
        sessions: row('sync_usage.sessions', '+', row.ref('excluded.sessions')),
        storage: row('sync_usage.storage', '+', row.ref('excluded.storage')),
        updated_at: row
          .case()
          .when('sync_usage.updated_at', '<', later)
          .then(row.ref('excluded.updated_at'))
          .else(row.ref('sync_usage.updated_at'))
          .end(),
      })),
    ),
)

/** Adds to the usage of a pool; `storage` may be negative. */
export async function addToUsage(db: Db, poolId: string, { sessions, storage, updatedAt }: PoolUsage): Promise<void> {
  await add(db, poolId, sessions, storage, updatedAt, updatedAt)
}

const usages = statement((db, ...poolIds: string[]) =>
  db.selectFrom('sync_usage').selectAll().where('identity_pool_id', 'in', poolIds),
)

/** The stored usage of pools, by id; a pool that was never used has none. */
export async function findUsages(db: Db, poolIds: readonly string[]): Promise<ReadonlyMap<string, PoolUsage>> {
  const { rows } = await usages(db, ...paddedKeys(poolIds))
  return new Map(
    rows.map(({ identity_pool_id, sessions, storage, updated_at }) => [
      identity_pool_id,
      { sessions, storage, updatedAt: updated_at },
    ]),
  )
}

export async function deleteUsage(db: Db, poolId: string): Promise<void> {
  await db.deleteFrom('sync_usage').where('identity_pool_id', '=', poolId).execute()
}
