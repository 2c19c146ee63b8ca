// Every statement on the table of messages. A message waits in the queue of its medium, or is captured (kept for people to
// read). One index, (queue, due_at, id), serves all: delivery reads what is due from the front of a queue, so it never
// meets captured messages, and these are read from their end, newest first.
import { affectedRows, type Db } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { statement } from '../database/statement.ts'

export type MessageRow = Schema['messages']
export type DeliveryQueue = 'EMAIL' | 'SMS'

const insertMessageRow = statement(
  (
    db,
    id: string,
    user_pool_id: string,
    queue: string,
    message_sealed: string,
    created_at: number,
    due_at: number,
    lease: string,
    attempts: number,
  ) =>
    db.insertInto('messages').values({ id, user_pool_id, queue, message_sealed, created_at, due_at, lease, attempts }),
)

export async function insertMessage(
  db: Db,
  message: Pick<MessageRow, 'id' | 'user_pool_id' | 'message_sealed' | 'created_at' | 'due_at'> & {
    queue: DeliveryQueue | 'captured'
  },
): Promise<void> {
  const { id, user_pool_id, queue, message_sealed, created_at, due_at } = message
  await insertMessageRow(db, id, user_pool_id, queue, message_sealed, created_at, due_at, '', 0)
}

/** Messages that may be claimed now, longest due first. */
export const findDueMessages = (db: Db, queue: DeliveryQueue, now: number, limit: number): Promise<MessageRow[]> =>
  db
    .selectFrom('messages')
    .selectAll()
    .where('queue', '=', queue)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit)
    .execute()

/** Takes a message for the holder of `lease` until `until`; false when another did so since `row` was read. */
export async function claimMessage(db: Db, row: MessageRow, lease: string, until: number): Promise<boolean> {
  const result = await db
    .updateTable('messages')
    .set({ lease, due_at: until, attempts: row.attempts + 1 })
    .where('id', '=', row.id)
    .where('lease', '=', row.lease)
    .where('attempts', '=', row.attempts)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Keeps a claimed message until `until`; changes nothing when the lease is no longer this one. */
export async function renewLease(db: Db, id: string, lease: string, until: number): Promise<void> {
  await db.updateTable('messages').set({ due_at: until }).where('id', '=', id).where('lease', '=', lease).execute()
}

/** Gives back every claimed message: right when no other process can hold a lease, after a start on a database of one's own. */
export async function releaseAllMessages(db: Db, queue: DeliveryQueue, now: number): Promise<void> {
  await db
    .updateTable('messages')
    .set({ due_at: now, lease: '' })
    .where('queue', '=', queue)
    .where('due_at', '>', now)
    .where('lease', '!=', '')
    .execute()
}

/** Removes a claimed message; false when the lease is no longer this one. */
export async function removeMessage(db: Db, id: string, lease: string): Promise<boolean> {
  const result = await db.deleteFrom('messages').where('id', '=', id).where('lease', '=', lease).executeTakeFirst()
  return affectedRows(result) === 1
}

/** Gives a claimed message back, to be claimed again from `dueAt` on; false when the lease is no longer this one. */
export async function postponeMessage(db: Db, id: string, lease: string, dueAt: number): Promise<boolean> {
  const result = await db
    .updateTable('messages')
    .set({ due_at: dueAt, lease: '' })
    .where('id', '=', id)
    .where('lease', '=', lease)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Captured messages before `before` (a `due_at` and id), newest first. */
export function findCapturedMessages(
  db: Db,
  before: Pick<MessageRow, 'due_at' | 'id'> | undefined,
  limit: number,
): Promise<MessageRow[]> {
  let query = db.selectFrom('messages').selectAll().where('queue', '=', 'captured')
  if (before) {
    query = query
      .where('due_at', '<=', before.due_at)
      .where((where) => where.or([where('due_at', '<', before.due_at), where('id', '<', before.id)]))
  }
  return query.orderBy('due_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export const findCapturedMessage = (db: Db, id: string): Promise<MessageRow | undefined> =>
  db.selectFrom('messages').selectAll().where('id', '=', id).where('queue', '=', 'captured').executeTakeFirst()

/** Removes captured messages but the newest `keep`. */
export async function removeOldCaptured(db: Db, keep: number): Promise<void> {
  const newest = await db
    .selectFrom('messages')
    .select('due_at')
    .where('queue', '=', 'captured')
    .orderBy('due_at', 'desc')
    .orderBy('id', 'desc')
    .limit(keep + 1)
    .execute()
  const first = newest[keep]
  if (!first) return
  await db.deleteFrom('messages').where('queue', '=', 'captured').where('due_at', '<=', first.due_at).execute()
}

const MOST_REMOVED = 1000

/** Removes messages of a queue that have been due since before `before`, a bounded number; answers how many. */
export async function removeOverdue(db: Db, queue: DeliveryQueue | 'captured', before: number): Promise<number> {
  const rows = await db
    .selectFrom('messages')
    .select('id')
    .where('queue', '=', queue)
    .where('due_at', '<', before)
    .orderBy('due_at')
    .limit(MOST_REMOVED)
    .execute()
  if (rows.length === 0) return 0
  const ids = rows.map((row) => row.id)
  return affectedRows(
    await db.deleteFrom('messages').where('id', 'in', ids).where('due_at', '<', before).executeTakeFirst(),
  )
}
