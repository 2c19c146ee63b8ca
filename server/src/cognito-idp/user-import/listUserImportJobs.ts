import { pageOf, positionOf } from '../../pagination.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { listImportJobs } from './import-store.ts'
import { shownJob } from './job-answer.ts'

/** ListUserImportJobs: the newest first. Without any the answer has no list, as the contract knows no empty one. */
export const listUserImportJobs = operation('ListUserImportJobs', async (context, { input, pool }) => {
  const scope = { operation: 'ListUserImportJobs', request: [pool.id] }
  const size = Math.min(input.MaxResults, limits.importJobsPage.max)
  const [createdAt, id = ''] = positionOf(context, scope, input.PaginationToken) ?? []
  const after = createdAt === undefined ? undefined : { createdAt: Number(createdAt), id }
  const jobs = await listImportJobs(context.db, pool.id, after, size + 1)
  const page = pageOf(context, scope, jobs, size, (job) => [String(job.createdAt), job.id])
  if (page.entries.length === 0) return {}
  return { UserImportJobs: page.entries.map((job) => shownJob(context, job)), PaginationToken: page.token }
})
