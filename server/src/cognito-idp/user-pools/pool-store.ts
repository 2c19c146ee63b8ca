// Every statement on the table of user pools.
import type { Db } from '../../database/database.ts'
import { affectedRows } from '../../database/database.ts'
import { insertJob } from '../../jobs/job-store.ts'
import { removalJob } from '../../jobs/removal-rules.ts'
import type { UserPoolSettings } from './pool-settings.ts'
import { USER_POOL_REMOVAL } from './removal-rules.ts'

/** A user pool as stored. `settings` has the form of the API; times are epoch milliseconds. */
export interface UserPool {
  readonly id: string
  /** The region that its creation was signed for; signed calls of other regions do not see it. */
  readonly region: string
  readonly settings: UserPoolSettings
  readonly createdAt: number
  readonly updatedAt: number
  readonly version: number
}

interface Row {
  id: string
  region: string
  settings: string
  created_at: number
  updated_at: number
  version: number
}

const poolFromRow = (row: Row): UserPool => ({
  id: row.id,
  region: row.region,
  settings: JSON.parse(row.settings) as UserPoolSettings,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
})

export async function findPool(db: Db, id: string): Promise<UserPool | undefined> {
  const row = await db.selectFrom('user_pools').selectAll().where('id', '=', id).executeTakeFirst()
  return row && poolFromRow(row)
}

export async function insertPool(db: Db, pool: UserPool): Promise<void> {
  await db
    .insertInto('user_pools')
    .values({
      id: pool.id,
      region: pool.region,
      settings: JSON.stringify(pool.settings),
      created_at: pool.createdAt,
      updated_at: pool.updatedAt,
      version: pool.version,
    })
    .execute()
}

/** Compare-and-set: replaces the settings if the pool still has the version of `pool`; false when it has not. */
export async function replacePoolSettings(
  db: Db,
  pool: UserPool,
  settings: UserPoolSettings,
  now: number,
): Promise<boolean> {
  const result = await db
    .updateTable('user_pools')
    .set({ settings: JSON.stringify(settings), updated_at: now, version: pool.version + 1 })
    .where('id', '=', pool.id)
    .where('version', '=', pool.version)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Writes a pool as it is, which the engine keeps others from doing until the transaction ends; false when it is gone. */
export async function lockPool(db: Db, id: string): Promise<boolean> {
  const result = await db
    .updateTable('user_pools')
    .set((row) => ({ version: row.ref('version') }))
    .where('id', '=', id)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Pools of a region with an id after `after`, in the order of ids. */
export async function listPools(db: Db, region: string, after: string, limit: number): Promise<UserPool[]> {
  const rows = await db
    .selectFrom('user_pools')
    .selectAll()
    .where('region', '=', region)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(poolFromRow)
}

/** The number of pools; stops counting at `max`. */
export async function countPools(db: Db, max: number): Promise<number> {
  const ids = db.selectFrom('user_pools').select('id').orderBy('id').limit(max).as('ids')
  const row = await db
    .selectFrom(ids)
    .select((count) => count.fn.countAll().as('pools'))
    .executeTakeFirstOrThrow()
  return Number(row.pools)
}

/**
 * Deletes the pool and queues the removal of its rows (pool-removal.ts). False when the stored pool has another version
 * than `pool`, or was deleted already. Run it in a transaction.
 */
export async function deletePool(db: Db, pool: UserPool, now: number): Promise<boolean> {
  const result = await db
    .deleteFrom('user_pools')
    .where('id', '=', pool.id)
    .where('version', '=', pool.version)
    .executeTakeFirst()
  if (affectedRows(result) === 0) return false
  await insertJob(db, removalJob(USER_POOL_REMOVAL, pool.id, now))
  return true
}
