// The statements on the table of jobs that all queues share. Not here: running jobs (worker.ts) and statements of one
// queue.
//
// One index, (queue, due_at, id), serves all of them: a worker reads the due jobs from the front of a queue. A claimed
// job has the end of its lease as `due_at`, so other workers do not see it until the lease expires.
import { affectedRows, type Db } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { paddedKeys, statement } from '../database/statement.ts'

export type Job = Schema['jobs']

/** A job that is not in the table yet. */
export type NewJob = Omit<Job, 'attempts' | 'lease'>

const insert = statement(
  (
    db,
    owner: string,
    id: string,
    queue: string,
    payload: string,
    created_at: number,
    due_at: number,
    attempts: number,
    lease: string,
  ) =>
    db
      .insertInto('jobs')
      .values({ owner, id, queue, payload, created_at, due_at, attempts, lease })
      .onConflict((conflict) => conflict.columns(['owner', 'id']).doNothing()),
)

/** Inserts a job, unless its owner already has a job with that id. */
export async function insertJob(db: Db, job: NewJob): Promise<void> {
  await insert(db, job.owner, job.id, job.queue, job.payload, job.created_at, job.due_at, 0, '')
}

/** No job is put off for as long. One that is due later still was put off while the clock was ahead. */
const FAR_AHEAD_MS = 24 * 60 * 60 * 1000

/**
 * Jobs of a queue that may be claimed at `now` (epoch milliseconds), longest due first; when there are none, those that
 * were put off while the clock was ahead.
 */
export async function findDueJobs(db: Db, queue: string, now: number, limit: number): Promise<Job[]> {
  const first = db
    .selectFrom('jobs')
    .selectAll()
    .where('queue', '=', queue)
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit)
  const due = await first.where('due_at', '<=', now).execute()
  return due.length > 0 ? due : first.where('due_at', '>', now + FAR_AHEAD_MS).execute()
}

const dueTimes = statement((db, queue: string, now: number, limit: number) =>
  db
    .selectFrom('jobs')
    .select('due_at')
    .where('queue', '=', queue)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit),
)

/** How many jobs of a queue are due at `now`, of which at most `limit` are counted, and since when the longest waiting one is. */
export async function countDueJobs(
  db: Db,
  queue: string,
  now: number,
  limit: number,
): Promise<{ due: number; oldest: number | undefined }> {
  const { rows } = await dueTimes(db, queue, now, limit)
  return { due: rows.length, oldest: rows[0] && Number(rows[0].due_at) }
}

/** Claims a job with a lease until `until` by compare-and-set; false when the row has changed since `job` was read. */
export async function claimJob(db: Db, job: Job, lease: string, until: number): Promise<boolean> {
  const result = await db
    .updateTable('jobs')
    .set({ lease, due_at: until, attempts: job.attempts + 1 })
    .where('owner', '=', job.owner)
    .where('id', '=', job.id)
    .where('lease', '=', job.lease)
    .where('attempts', '=', job.attempts)
    .where('due_at', '=', job.due_at)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** A claimed job by its key and lease. The statements below change nothing when the job now has another lease. */
export type Claim = Pick<Job, 'owner' | 'id' | 'lease'>

/** Changes a claimed job; false when it has another lease. */
export async function updateClaimed(
  db: Db,
  { owner, id, lease }: Claim,
  changes: Partial<Pick<Job, 'payload' | 'due_at' | 'attempts' | 'lease'>>,
): Promise<boolean> {
  const result = await db
    .updateTable('jobs')
    .set(changes)
    .where('owner', '=', owner)
    .where('id', '=', id)
    .where('lease', '=', lease)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Has a job that waits, such as one that is tried again after a failure, run at once. */
export async function hastenJob(db: Db, { owner, id }: Pick<Job, 'owner' | 'id'>, now: number): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ due_at: now })
    .where('owner', '=', owner)
    .where('id', '=', id)
    .where('lease', '=', '')
    .where('due_at', '>', now)
    .execute()
}

/** Removes a claimed job; false when it has another lease. */
export async function removeClaimed(db: Db, { owner, id, lease }: Claim): Promise<boolean> {
  const result = await db
    .deleteFrom('jobs')
    .where('owner', '=', owner)
    .where('id', '=', id)
    .where('lease', '=', lease)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

const removeOwned = statement((db, ...owners: string[]) => db.deleteFrom('jobs').where('owner', 'in', owners))

/** Removes all jobs of deleted owners. */
export async function removeJobsOf(db: Db, owners: readonly string[]): Promise<void> {
  await removeOwned(db, ...paddedKeys(owners))
}

/** Ends the leases of all claimed jobs of a queue. For the start on a database that no other process can have open. */
export async function releaseAllJobs(db: Db, queue: string, now: number): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ due_at: now, lease: '' })
    .where('queue', '=', queue)
    .where('due_at', '>', now)
    .where('lease', '!=', '')
    .execute()
}
