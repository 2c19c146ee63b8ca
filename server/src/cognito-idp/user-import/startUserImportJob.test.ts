import { StopUserImportJobCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, usePool, useTestServer } from '../../../test/harness.ts'
import { createJob, csvOf, ended, startJob, upload } from '../../../test/user-import.ts'

describe('StartUserImportJob and StopUserImportJob', () => {
  const server = useTestServer()
  const at = usePool(server, { pool: { AutoVerifiedAttributes: ['email'] } })
  const stop = (JobId: string) => server.admin.send(new StopUserImportJobCommand({ UserPoolId: at.poolId, JobId }))

  it('starts a job once', async () => {
    const { JobId, PreSignedUrl } = await createJob(server, at.poolId)
    await upload(PreSignedUrl, csvOf(['email', 'email_verified'], [['ann', 'ann@example.com', 'true']]))
    const starts = await Promise.allSettled(Array.from({ length: 5 }, () => startJob(server, at.poolId, JobId)))
    const started = starts.flatMap((result) => (result.status === 'fulfilled' ? [result.value.UserImportJob] : []))
    expect(started).toMatchObject([{ Status: 'Pending', StartDate: expect.any(Date) }])
    expect(await ended(server, at.poolId, JobId)).toMatchObject({ Status: 'Succeeded', ImportedUsers: 1 })
    await expectRefusal(
      startJob(server, at.poolId, JobId),
      'PreconditionNotMetException',
      'The user import job has been started already.',
    )
    await expectRefusal(stop(JobId), 'PreconditionNotMetException', 'The user import job is not in progress.')
  })

  it('refuses what cannot be started or stopped', async () => {
    const { JobId } = await createJob(server, at.poolId)
    await expectRefusal(
      startJob(server, at.poolId, JobId),
      'PreconditionNotMetException',
      'The CSV file has not been uploaded',
    )
    await expectRefusal(stop(JobId), 'PreconditionNotMetException', 'The user import job is not in progress.')
    const other = await createJob(server, (await makePool(server)).Id)
    for (const call of [startJob(server, at.poolId, other.JobId), stop(other.JobId)])
      await expectRefusal(call, 'ResourceNotFoundException', `User import job ${other.JobId} does not exist.`)
  })

  it.each(['StartUserImportJob', 'StopUserImportJob'])('refuses an unsigned call of %s', async (operation) => {
    const { json } = await server.raw(operation, { UserPoolId: at.poolId, JobId: 'import-x' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
