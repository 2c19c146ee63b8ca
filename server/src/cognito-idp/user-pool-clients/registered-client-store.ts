// Statements on app clients that registered themselves: when a token was last given to each.
import { affectedRows, type Db } from '../../database/database.ts'
import { statement } from '../../database/statement.ts'

const insertRow = statement((db, clientId: string, userPoolId: string, usedAt: number) =>
  db
    .insertInto('registered_clients')
    .values({ client_id: clientId, user_pool_id: userPoolId, used_at: usedAt })
    .onConflict((conflict) => conflict.column('client_id').doNothing()),
)

export async function insertRegisteredClient(
  db: Db,
  { clientId, userPoolId }: { clientId: string; userPoolId: string },
  now: number,
): Promise<void> {
  await insertRow(db, clientId, userPoolId, now)
}

const HOUR_MS = 60 * 60 * 1000

const updateUse = statement((db, now: number, clientId: string, before: number) =>
  db
    .updateTable('registered_clients')
    .set({ used_at: now })
    .where('client_id', '=', clientId)
    .where('used_at', '<', before),
)

/** Written once an hour at most. */
export async function noteClientUse(db: Db, clientId: string, now: number): Promise<void> {
  await updateUse(db, now, clientId, now - HOUR_MS)
}

/** Clients that were last used before a time (epoch milliseconds), the longest unused first. */
export async function findUnusedClients(
  db: Db,
  before: number,
  limit: number,
): Promise<{ clientId: string; userPoolId: string; usedAt: number }[]> {
  const rows = await db
    .selectFrom('registered_clients')
    .selectAll()
    .where('used_at', '<', before)
    .orderBy('used_at')
    .orderBy('client_id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ clientId: row.client_id, userPoolId: row.user_pool_id, usedAt: row.used_at }))
}

/** `usedAt`: undefined whenever it was used. False when it is gone, or was used since. */
export async function deleteRegisteredClient(db: Db, clientId: string, usedAt?: number): Promise<boolean> {
  const all = db.deleteFrom('registered_clients').where('client_id', '=', clientId)
  const result = await (usedAt === undefined ? all : all.where('used_at', '=', usedAt)).executeTakeFirst()
  return affectedRows(result) === 1
}
