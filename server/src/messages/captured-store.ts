// Statements on messages in the table of jobs: captured ones (kept for people to read), and overdue ones that no worker
// delivers. Captured messages are in a queue that no worker runs; their `due_at` is their time, so the index of queues
// gives them newest first.
import { affectedRows, type Db } from '../database/database.ts'
import type { Job } from '../jobs/job-store.ts'

/** The queue of captured messages. */
export const CAPTURED = 'captured'

/** Captured messages before `before` (a `due_at` and id), newest first. */
export function findCapturedMessages(
  db: Db,
  before: Pick<Job, 'due_at' | 'id'> | undefined,
  limit: number,
): Promise<Job[]> {
  let query = db.selectFrom('jobs').selectAll().where('queue', '=', CAPTURED)
  if (before) {
    query = query
      .where('due_at', '<=', before.due_at)
      .where((where) => where.or([where('due_at', '<', before.due_at), where('id', '<', before.id)]))
  }
  return query.orderBy('due_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

/** A captured message by id, without an index: there are a thousand at most, and only in development. */
export const findCapturedMessage = (db: Db, id: string): Promise<Job | undefined> =>
  db.selectFrom('jobs').selectAll().where('id', '=', id).where('queue', '=', CAPTURED).executeTakeFirst()

/** Removes all captured messages but the newest `keep`. */
export async function removeOldCaptured(db: Db, keep: number): Promise<void> {
  const newest = await db
    .selectFrom('jobs')
    .select('due_at')
    .where('queue', '=', CAPTURED)
    .orderBy('due_at', 'desc')
    .orderBy('id', 'desc')
    .limit(keep + 1)
    .execute()
  const first = newest[keep]
  if (!first) return
  await db.deleteFrom('jobs').where('queue', '=', CAPTURED).where('due_at', '<=', first.due_at).execute()
}

const MAX_REMOVED = 1000

/** Removes messages of a queue that were due before `before`, at most MAX_REMOVED; resolves with their number. */
export async function removeOverdue(db: Db, queue: string, before: number): Promise<number> {
  const overdue = await db
    .selectFrom('jobs')
    .select(['owner', 'id'])
    .where('queue', '=', queue)
    .where('due_at', '<', before)
    .orderBy('due_at')
    .limit(MAX_REMOVED)
    .execute()
  if (overdue.length === 0) return 0
  const result = await db
    .deleteFrom('jobs')
    .where(
      'owner',
      'in',
      overdue.map(({ owner }) => owner),
    )
    .where(
      'id',
      'in',
      overdue.map(({ id }) => id),
    )
    .where('due_at', '<', before)
    .executeTakeFirst()
  return affectedRows(result)
}
