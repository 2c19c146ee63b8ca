// Every statement on the table of jobs that is the same for all queues. What a queue is: queue.ts.
//
// One index, (queue, due_at, id), serves all of them: a worker reads what is due from the front of a queue. A claimed job
// has the end of its lease as `due_at`, so it leaves the range that others look at until the lease runs out.
import { affectedRows, type Db } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { statement } from '../database/statement.ts'

export type Job = Schema['jobs']

/** A job as it is queued: nobody has claimed it yet. */
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

/** Queues a job unless its owner has one of that id already. */
export async function insertJob(db: Db, job: NewJob): Promise<void> {
  await insert(db, job.owner, job.id, job.queue, job.payload, job.created_at, job.due_at, 0, '')
}

/** Jobs of a queue that may be claimed now, longest due first. */
export const findDueJobs = (db: Db, queue: string, now: number, limit: number): Promise<Job[]> =>
  db
    .selectFrom('jobs')
    .selectAll()
    .where('queue', '=', queue)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit)
    .execute()

/** Takes a job for the holder of `lease` until `until`; false when it is no longer as it was read. */
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

/** A claimed job, and the lease that the claim wrote. Statements on it change nothing when the job has another lease. */
export type Claim = Pick<Job, 'owner' | 'id' | 'lease'>

/** Changes a claimed job; false when the lease is no longer this one. */
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

/** Removes a claimed job; false when the lease is no longer this one. */
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

/** Removes all jobs of owners that are gone. */
export async function removeJobsOf(db: Db, owners: readonly string[]): Promise<void> {
  await removeOwned(db, ...owners)
}

/** Gives back every claimed job of a queue: right when no other process can hold a lease, after a start on a database of one's own. */
export async function releaseAllJobs(db: Db, queue: string, now: number): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ due_at: now, lease: '' })
    .where('queue', '=', queue)
    .where('due_at', '>', now)
    .where('lease', '!=', '')
    .execute()
}
