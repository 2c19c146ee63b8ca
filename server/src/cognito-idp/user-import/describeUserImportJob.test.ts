import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, usePool, useTestServer } from '../../../test/harness.ts'
import { createJob, csvOf, describeJob, importFile } from '../../../test/user-import.ts'

describe('DescribeUserImportJob', () => {
  const server = useTestServer()
  const at = usePool(server, { pool: { AutoVerifiedAttributes: ['email'] } })

  it('shows a job that has ended', async () => {
    const file = csvOf(['email', 'email_verified'], [['ann', 'ann@example.com', 'true']])
    const job = await importFile(server, at.poolId, file)
    expect(job).toMatchObject({ StartDate: expect.any(Date), CompletionDate: expect.any(Date), ImportedUsers: 1 })
    expect(job.CompletionDate?.getTime()).toBeGreaterThanOrEqual(job.StartDate?.getTime() ?? Number.POSITIVE_INFINITY)
  })

  it('ResourceNotFoundException for an unknown job, and for one of another pool', async () => {
    const other = await createJob(server, (await makePool(server)).Id)
    for (const id of ['import-unknown', other.JobId])
      await expectRefusal(
        describeJob(server, at.poolId, id),
        'ResourceNotFoundException',
        `User import job ${id} does not exist.`,
      )
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('DescribeUserImportJob', { UserPoolId: at.poolId, JobId: 'import-x' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
