// Every statement on the table of identity pools.
import { affectedRows, type Db } from '../../database/database.ts'
import { insertJob } from '../../jobs/job-store.ts'
import { removalJob } from '../../jobs/removal-rules.ts'
import { IDENTITY_POOL_REMOVAL } from '../identities/removal-rules.ts'
import type { IdentityPoolSettings } from './pool-settings.ts'

export interface IdentityPool {
  readonly id: string
  /** The region that its creation was signed for; signed calls of other regions do not see it. */
  readonly region: string
  readonly settings: IdentityPoolSettings
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

const poolFromRow = (row: Row): IdentityPool => ({
  id: row.id,
  region: row.region,
  settings: JSON.parse(row.settings) as IdentityPoolSettings,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
})

export async function findIdentityPool(db: Db, id: string): Promise<IdentityPool | undefined> {
  const row = await db.selectFrom('identity_pools').selectAll().where('id', '=', id).executeTakeFirst()
  return row && poolFromRow(row)
}

/** A page of pools of a region in the order of their ids. */
export async function listIdentityPools(
  db: Db,
  region: string,
  after: string | undefined,
  limit: number,
): Promise<IdentityPool[]> {
  let query = db.selectFrom('identity_pools').selectAll().where('region', '=', region)
  if (after !== undefined) query = query.where('id', '>', after)
  return (await query.orderBy('id').limit(limit).execute()).map(poolFromRow)
}

export async function insertIdentityPool(db: Db, pool: IdentityPool): Promise<void> {
  const { id, region, settings, createdAt, updatedAt, version } = pool
  await db
    .insertInto('identity_pools')
    .values({ id, region, settings: JSON.stringify(settings), created_at: createdAt, updated_at: updatedAt, version })
    .execute()
}

/** Replaces the settings if the pool still has the version that `pool` was read with; else false. */
export async function replaceIdentityPoolSettings(
  db: Db,
  pool: IdentityPool,
  settings: IdentityPoolSettings,
  now: number,
): Promise<boolean> {
  const result = await db
    .updateTable('identity_pools')
    .set({ settings: JSON.stringify(settings), updated_at: now, version: pool.version + 1 })
    .where('id', '=', pool.id)
    .where('version', '=', pool.version)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Deletes a pool and queues the removal of its identities; false when there is no such pool. */
export async function deleteIdentityPool(db: Db, id: string, now: number): Promise<boolean> {
  const result = await db.deleteFrom('identity_pools').where('id', '=', id).executeTakeFirst()
  if (affectedRows(result) === 0) return false
  await insertJob(db, removalJob(IDENTITY_POOL_REMOVAL, id, now))
  return true
}

/** How many pools there are, up to `max`. */
export async function countIdentityPools(db: Db, max: number): Promise<number> {
  return (await db.selectFrom('identity_pools').select('id').orderBy('id').limit(max).execute()).length
}
