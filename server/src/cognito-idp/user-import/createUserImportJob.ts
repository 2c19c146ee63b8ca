import { uniformText } from '../../crypto/random-ids.ts'
import { insertJob } from '../../jobs/job-store.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { expiryJobOf } from './import-jobs.ts'
import { countImportJobs, insertImportJob } from './import-store.ts'
import { shownJob } from './job-answer.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** CreateUserImportJob: a job that waits for its file and for StartUserImportJob (docs/reference/user-pools.md 16). */
export const createUserImportJob = operation('CreateUserImportJob', async (context, { input, pool, fail }) => {
  const { importJobsPerPool: most } = limits
  if ((await countImportJobs(context.db, pool.id)) >= most.max)
    throw fail('LimitExceededException', `A user pool has at most ${most.max} import jobs.`)
  const job = {
    id: `import-${uniformText(ALPHABET, 10, (count) => context.random.bytes(count))}`,
    userPoolId: pool.id,
    name: input.JobName,
    roleArn: input.CloudWatchLogsRoleArn,
    algorithm: input.PasswordHashingAlgorithm,
    createdAt: context.clock.now(),
  }
  const created = await context.database.transaction(async (db) => {
    await insertJob(db, expiryJobOf(job))
    return insertImportJob(db, job)
  })
  return { UserImportJob: shownJob(context, created) }
})
