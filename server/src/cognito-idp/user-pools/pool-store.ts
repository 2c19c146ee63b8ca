// Every statement on the table of user pools.
import type { Db } from '../../database/database.ts'
import { affectedRows } from '../../database/database.ts'
import { insertJob } from '../../jobs/job-store.ts'
import { removalJob } from '../../jobs/removal-rules.ts'
import type { Replica } from '../replicas/replica-settings.ts'
import { replicaFromRow, replicasOf } from '../replicas/replica-store.ts'
import type { UserPoolSettings } from './pool-settings.ts'
import { USER_POOL_REMOVAL } from './removal-rules.ts'

/** A user pool as stored. `settings` has the form of the API; times are epoch milliseconds. */
export interface UserPool {
  readonly id: string
  /** Where it is primary: the region that its creation was signed for, until another one is promoted. */
  readonly region: string
  /** Further regions in which it is seen, in the order of their names. */
  readonly replicas: readonly Replica[]
  /** Of a pool as a request in such a region sees it (replicas/place-rules.ts). */
  readonly replica?: Replica
  /** The region that the address of the request names. */
  readonly addressedIn?: string
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

const poolFromRow = (row: Row, replicas: readonly Replica[]): UserPool => ({
  id: row.id,
  region: row.region,
  replicas,
  settings: JSON.parse(row.settings) as UserPoolSettings,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
})

export async function findPool(db: Db, id: string): Promise<UserPool | undefined> {
  const rows = await db
    .selectFrom('user_pools')
    .leftJoin('user_pool_replicas as replica', 'replica.user_pool_id', 'user_pools.id')
    .selectAll('user_pools')
    .select([
      'replica.region as replicaRegion',
      'replica.status as replicaStatus',
      'replica.settings as replicaSettings',
    ])
    .where('user_pools.id', '=', id)
    .orderBy('replica.region')
    .execute()
  const replicas = rows.flatMap(({ replicaRegion: region, replicaStatus: status, replicaSettings: settings }) =>
    region === null || status === null || settings === null ? [] : [replicaFromRow({ region, status, settings })],
  )
  return rows[0] && poolFromRow(rows[0], replicas)
}

/** Writes a new pool, which has no replicas. */
export async function insertPool(db: Db, pool: Omit<UserPool, 'replicas'>): Promise<void> {
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

/** Makes another region the primary one of a pool. Run it in a transaction that compares the pool's version. */
export async function movePool(db: Db, id: string, region: string): Promise<void> {
  await db.updateTable('user_pools').set({ region }).where('id', '=', id).execute()
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

/** Pools that are primary in a region, with an id after `after`, in the order of ids. */
export async function listPools(db: Db, region: string, after: string, limit: number): Promise<UserPool[]> {
  const rows = await db
    .selectFrom('user_pools')
    .selectAll()
    .where('region', '=', region)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  return withReplicas(db, rows)
}

/** The same of the pools that are secondary there. */
export async function listReplicatedPools(db: Db, region: string, after: string, limit: number): Promise<UserPool[]> {
  const ids = await db
    .selectFrom('user_pool_replicas')
    .select('user_pool_id')
    .where('region', '=', region)
    .where('user_pool_id', '>', after)
    .orderBy('user_pool_id')
    .limit(limit)
    .execute()
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('user_pools')
    .selectAll()
    .where(
      'id',
      'in',
      ids.map((row) => row.user_pool_id),
    )
    .orderBy('id')
    .execute()
  return withReplicas(db, rows)
}

async function withReplicas(db: Db, rows: readonly Row[]): Promise<UserPool[]> {
  const replicas = await replicasOf(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => poolFromRow(row, replicas.get(row.id) ?? []))
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
