import { operation } from '../operation.ts'
import { importJobType } from './import-type.ts'
import { requireImportJob } from './require-import-job.ts'

export const describeUserImportJob = operation('DescribeUserImportJob', async (context, { input, pool }) => ({
  UserImportJob: importJobType(context, await requireImportJob(context, pool.id, input.JobId)),
}))
