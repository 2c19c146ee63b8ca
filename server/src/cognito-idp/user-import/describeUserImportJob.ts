import { operation } from '../operation.ts'
import { shownJob } from './job-answer.ts'
import { requireImportJob } from './require-import-job.ts'

export const describeUserImportJob = operation('DescribeUserImportJob', async (context, { input, pool }) => ({
  UserImportJob: shownJob(context, await requireImportJob(context, pool.id, input.JobId)),
}))
