// Statements on the jobs of streams.
import type { Db } from '../../database/database.ts'
import { statement } from '../../database/statement.ts'
import type { Job } from '../../jobs/job-store.ts'

const inOrder = statement((db, owner: string, from: string, below: string, limit: number) =>
  db
    .selectFrom('jobs')
    .selectAll()
    .where('owner', '=', owner)
    .where('id', '>=', from)
    .where('id', '<', below)
    .orderBy('id')
    .limit(limit),
)

/** The jobs of an owner whose ids begin with a prefix that ends in a slash, in the order of their ids. */
export async function findInOrder(db: Db, owner: string, prefix: string, limit: number): Promise<Job[]> {
  // The character after a slash.
  const { rows } = await inOrder(db, owner, prefix, `${prefix.slice(0, -1)}0`, limit)
  return rows
}

const deleteOne = statement((db, owner: string, id: string) =>
  db.deleteFrom('jobs').where('owner', '=', owner).where('id', '=', id),
)

/** Deletes a job whoever has claimed it: what it says was done. */
export async function deleteJob(db: Db, { owner, id }: Pick<Job, 'owner' | 'id'>): Promise<void> {
  await deleteOne(db, owner, id)
}
