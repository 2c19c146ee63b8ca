// Every statement on the table of replicas. Each write also compares the version of its pool (change-replicas.ts).
import type { Db } from '../../database/database.ts'
import type { Replica } from './replica-settings.ts'

interface Row {
  user_pool_id: string
  region: string
  status: string
  settings: string
}

type Stored = Pick<Replica, 'tags' | 'regional'>

export const replicaFromRow = ({ region, status, settings }: Omit<Row, 'user_pool_id'>): Replica => ({
  region,
  status: status as Replica['status'],
  ...(JSON.parse(settings) as Stored),
})

const rowOf = (userPoolId: string, { region, status, tags, regional }: Replica): Row => ({
  user_pool_id: userPoolId,
  region,
  status,
  settings: JSON.stringify({ tags, regional } satisfies Stored),
})

/** The replicas of some pools, by the id of the pool, in the order of regions. */
export async function replicasOf(db: Db, userPoolIds: readonly string[]): Promise<ReadonlyMap<string, Replica[]>> {
  const found = new Map<string, Replica[]>(userPoolIds.map((id) => [id, []]))
  if (userPoolIds.length === 0) return found
  const rows = await db
    .selectFrom('user_pool_replicas')
    .selectAll()
    .where('user_pool_id', 'in', userPoolIds)
    .orderBy('user_pool_id')
    .orderBy('region')
    .execute()
  for (const row of rows) found.get(row.user_pool_id)?.push(replicaFromRow(row))
  return found
}

export async function insertReplica(db: Db, userPoolId: string, replica: Replica): Promise<void> {
  await db.insertInto('user_pool_replicas').values(rowOf(userPoolId, replica)).execute()
}

export async function replaceReplica(db: Db, userPoolId: string, replica: Replica): Promise<void> {
  const { status, settings } = rowOf(userPoolId, replica)
  await db
    .updateTable('user_pool_replicas')
    .set({ status, settings })
    .where('user_pool_id', '=', userPoolId)
    .where('region', '=', replica.region)
    .execute()
}

export async function deleteReplica(db: Db, userPoolId: string, region: string): Promise<void> {
  await db
    .deleteFrom('user_pool_replicas')
    .where('user_pool_id', '=', userPoolId)
    .where('region', '=', region)
    .execute()
}
