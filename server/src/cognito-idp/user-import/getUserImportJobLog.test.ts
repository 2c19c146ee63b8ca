import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, usePool, useTestServer } from '../../../test/harness.ts'
import { ask } from '../../../test/recovery-codes.ts'
import { createJob, csvOf, importFile, logOf } from '../../../test/user-import.ts'

describe('GetUserImportJobLog', () => {
  const server = useTestServer()
  const at = usePool(server, { pool: { AutoVerifiedAttributes: ['email'] } })
  const log = (JobId: string, UserPoolId = at.poolId) => ask(server, 'GetUserImportJobLog', { UserPoolId, JobId }, true)

  it('has no lines before the job, and pages of thousands after it', async () => {
    const { JobId } = await createJob(server, at.poolId)
    expect(await log(JobId)).toEqual({ Lines: [] })
    const rows = Array.from({ length: 2_100 }, (_, i) => [`user${i}`, `user${i}@example.com`, 'true'])
    const job = await importFile(server, at.poolId, csvOf(['email', 'email_verified'], rows))
    const first = await log(job.JobId)
    expect(first['Lines']).toHaveLength(2_048)
    expect(first['NextToken']).toBeDefined()
    const lines = await logOf(server, at.poolId, job.JobId)
    expect(lines).toHaveLength(2_100)
    expect(lines.at(-1)).toBe('[SUCCEEDED] Line Number 2101 - The import succeeded.')
  })

  it('ResourceNotFoundException for a job of another pool', async () => {
    const { JobId } = await createJob(server, (await makePool(server)).Id)
    await expectRefusal(log(JobId), 'ResourceNotFoundException', `User import job ${JobId} does not exist.`)
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('GetUserImportJobLog', { UserPoolId: at.poolId, JobId: 'import-x' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
