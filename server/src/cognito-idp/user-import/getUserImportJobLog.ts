import { pageOf, positionOf } from '../../pagination.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { listLog } from './file-store.ts'
import { logLines } from './log-rules.ts'
import { requireImportJob } from './require-import-job.ts'

/** GetUserImportJobLog (not of AWS): the lines that Cognito writes to CloudWatch Logs, in their order. */
export const getUserImportJobLog = operation('GetUserImportJobLog', async (context, { input, pool }) => {
  const scope = { operation: 'GetUserImportJobLog', request: [pool.id, input.JobId] }
  const [after = '0'] = positionOf(context, scope, input.NextToken) ?? []
  const job = await requireImportJob(context, pool.id, input.JobId)
  const size = limits.importLogPage.max
  const steps = await listLog(context.db, job, Number(after), size + 1)
  const page = pageOf(context, scope, steps, size, ({ line }) => [String(line)])
  return { Lines: page.entries.flatMap(({ content }) => logLines(content)), NextToken: page.token }
})
