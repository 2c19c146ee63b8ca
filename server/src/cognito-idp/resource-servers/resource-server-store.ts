// Every statement on the table of resource servers.
import { affectedRows, type Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'

export interface Scope {
  readonly name: string
  readonly description: string
}

export interface ResourceServer {
  readonly identifier: string
  readonly userPoolId: string
  readonly name: string
  readonly scopes: readonly Scope[]
}

const serverFromRow = (row: Schema['resource_servers']): ResourceServer => ({
  identifier: row.identifier,
  userPoolId: row.user_pool_id,
  name: row.name,
  scopes: JSON.parse(row.scopes) as Scope[],
})

export async function findResourceServer(
  db: Db,
  userPoolId: string,
  identifier: string,
): Promise<ResourceServer | undefined> {
  const row = await db
    .selectFrom('resource_servers')
    .selectAll()
    .where('identifier', '=', identifier)
    .where('user_pool_id', '=', userPoolId)
    .executeTakeFirst()
  return row && serverFromRow(row)
}

/** Resource servers of a pool with an identifier after `after`, in the order of identifiers. */
export async function listResourceServers(
  db: Db,
  userPoolId: string,
  after: string,
  limit: number,
): Promise<ResourceServer[]> {
  const rows = await db
    .selectFrom('resource_servers')
    .selectAll()
    .where('user_pool_id', '=', userPoolId)
    .where('identifier', '>', after)
    .orderBy('identifier')
    .limit(limit)
    .execute()
  return rows.map(serverFromRow)
}

/** All resource servers of a pool. */
export async function resourceServersOf(db: Db, userPoolId: string): Promise<ResourceServer[]> {
  const rows = await db.selectFrom('resource_servers').selectAll().where('user_pool_id', '=', userPoolId).execute()
  return rows.map(serverFromRow)
}

/** Writes a new resource server; false when the pool has one of this identifier. */
export async function insertResourceServer(db: Db, server: ResourceServer): Promise<boolean> {
  const result = await db
    .insertInto('resource_servers')
    .values({
      identifier: server.identifier,
      user_pool_id: server.userPoolId,
      name: server.name,
      scopes: JSON.stringify(server.scopes),
    })
    .onConflict((conflict) => conflict.columns(['identifier', 'user_pool_id']).doNothing())
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Replaces name and scopes; false when there is no such resource server. */
export async function replaceResourceServer(db: Db, server: ResourceServer): Promise<boolean> {
  const result = await db
    .updateTable('resource_servers')
    .set({ name: server.name, scopes: JSON.stringify(server.scopes) })
    .where('identifier', '=', server.identifier)
    .where('user_pool_id', '=', server.userPoolId)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** False when there is no such resource server. */
export async function deleteResourceServer(db: Db, userPoolId: string, identifier: string): Promise<boolean> {
  const result = await db
    .deleteFrom('resource_servers')
    .where('identifier', '=', identifier)
    .where('user_pool_id', '=', userPoolId)
    .executeTakeFirst()
  return affectedRows(result) === 1
}
