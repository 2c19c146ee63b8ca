import { hastenJob } from '../../jobs/job-store.ts'
import { operation } from '../operation.ts'
import { USER_IMPORT } from './import-jobs.ts'
import { changeImportJob } from './import-store.ts'
import { shownJob } from './job-answer.ts'
import { requireImportJob } from './require-import-job.ts'

/** StopUserImportJob: the step under way is the last one, or is not written; users that were imported stay. */
export const stopUserImportJob = operation('StopUserImportJob', async (context, { input, pool, fail }) => {
  const job = await requireImportJob(context, pool.id, input.JobId)
  const stopping = await changeImportJob(context.db, job, { status: ['Pending', 'InProgress'] }, { status: 'Stopping' })
  if (!stopping) throw fail('PreconditionNotMetException', 'The user import job is not in progress.')
  await hastenJob(context.db, { owner: job.id, id: USER_IMPORT }, context.clock.now())
  context.jobs.wake(USER_IMPORT)
  // As it is when it is asked: it may have stopped by now.
  return { UserImportJob: shownJob(context, { ...job, status: 'Stopping' }) }
})
