import { insertJob } from '../../jobs/job-store.ts'
import { operation } from '../operation.ts'
import { autoVerified } from '../users/verification-rules.ts'
import { expiryOf, importJobOf, USER_IMPORT } from './import-jobs.ts'
import { changeImportJob } from './import-store.ts'
import { shownJob } from './job-answer.ts'
import { requireImportJob } from './require-import-job.ts'

/** StartUserImportJob: queues a job whose file has been uploaded (docs/reference/user-pools.md 16). */
export const startUserImportJob = operation('StartUserImportJob', async (context, { input, pool, fail }) => {
  const job = await requireImportJob(context, pool.id, input.JobId)
  const now = context.clock.now()
  const refuse = (message: string) => fail('PreconditionNotMetException', message)
  if (job.status === 'Expired' || (job.status === 'Created' && now >= expiryOf(job)))
    throw refuse('The user import job has expired.')
  if (job.status !== 'Created') throw refuse('The user import job has been started already.')
  if (job.fileId === '') throw refuse('The CSV file has not been uploaded')
  // Without a password and a verified address nobody could sign in.
  if (autoVerified(pool.settings).length === 0 && job.algorithm === undefined)
    throw refuse('The user pool has no auto verified attributes.')
  const started = await context.database.transaction(async (db) => {
    await insertJob(db, importJobOf(job, now))
    return changeImportJob(db, job, { status: 'Created', file_id: job.fileId }, { status: 'Pending', started_at: now })
  })
  if (!started) throw refuse('The user import job is being changed by another request.')
  context.jobs.wake(USER_IMPORT)
  return { UserImportJob: shownJob(context, { ...job, status: 'Pending', startedAt: now }) }
})
