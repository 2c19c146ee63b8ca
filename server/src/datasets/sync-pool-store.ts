// Every statement on the table of what Cognito Sync does for identity pools beyond their datasets: pushes, a stream, events.
import { affectedRows, type Db } from '../database/database.ts'
import { rowStatement } from '../database/statement.ts'
import type { SyncPoolSettings } from './sync-pool-settings.ts'

export interface SyncPool {
  readonly id: string
  readonly settings: SyncPoolSettings
  /** 0: nothing was set yet, and there is no row. */
  readonly version: number
}

const poolById = rowStatement((db, id: string) =>
  db.selectFrom('sync_pools').select(['settings', 'version']).where('identity_pool_id', '=', id),
)

/** What is set for a pool; of one that nothing was set for, empty settings. */
export async function findSyncPool(db: Db, id: string): Promise<SyncPool> {
  const row = await poolById(db, id)
  return row
    ? { id, settings: JSON.parse(row.settings) as SyncPoolSettings, version: row.version }
    : { id, settings: {}, version: 0 }
}

/** Replaces what is set if it has not changed since `pool` was read; else false. */
export async function replaceSyncPool(
  db: Db,
  { id, version }: SyncPool,
  settings: SyncPoolSettings,
  now: number,
): Promise<boolean> {
  const values = { settings: JSON.stringify(settings), version: version + 1, updated_at: now }
  const result =
    version === 0
      ? await db
          .insertInto('sync_pools')
          .values({ identity_pool_id: id, ...values })
          .onConflict((conflict) => conflict.column('identity_pool_id').doNothing())
          .executeTakeFirst()
      : await db
          .updateTable('sync_pools')
          .set(values)
          .where('identity_pool_id', '=', id)
          .where('version', '=', version)
          .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Deletes what is set for a deleted pool. */
export async function deleteSyncPool(db: Db, id: string): Promise<void> {
  await db.deleteFrom('sync_pools').where('identity_pool_id', '=', id).execute()
}
