// The jobs of the queues that carry out, and expire, imports (docs/decisions/jobs.md).
import type { NewJob } from '../../jobs/job-store.ts'
import { limits } from '../limits.ts'
import type { ImportJob } from './import-store.ts'

export const USER_IMPORT = 'user-import'
export const USER_IMPORT_EXPIRY = 'user-import-expiry'

/** When a job that was not started expires, in epoch milliseconds. */
export const expiryOf = ({ createdAt }: Pick<ImportJob, 'createdAt'>): number => createdAt + limits.importStart.max

const HALF_A_DAY_MS = 12 * 60 * 60 * 1000

/** When to look whether a job has expired: at that time, but no job is put off for a whole day (jobs/job-store.ts). */
export const nextCheck = (job: Pick<ImportJob, 'createdAt'>, now: number): number =>
  Math.min(expiryOf(job), now + HALF_A_DAY_MS)

/** The job that carries out an import that was started at `now`. */
export const importJobOf = ({ id, userPoolId }: Pick<ImportJob, 'id' | 'userPoolId'>, now: number): NewJob => ({
  owner: id,
  id: USER_IMPORT,
  queue: USER_IMPORT,
  payload: JSON.stringify({ poolId: userPoolId, position: 0, line: 0 }),
  created_at: now,
  due_at: now,
})

/** The job that removes the file of an import that nobody has started, in time. */
export const expiryJobOf = (job: Pick<ImportJob, 'id' | 'userPoolId' | 'createdAt'>): NewJob => ({
  owner: job.id,
  id: USER_IMPORT_EXPIRY,
  queue: USER_IMPORT_EXPIRY,
  payload: job.userPoolId,
  created_at: job.createdAt,
  due_at: nextCheck(job, job.createdAt),
})
