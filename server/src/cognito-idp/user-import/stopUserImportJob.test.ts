import { StopUserImportJobCommand } from '@aws-sdk/client-cognito-identity-provider'
import { expect, it } from 'vitest'
import { usePool, useTestServer } from '../../../test/harness.ts'
import { createJob, csvOf, ended, startJob, upload } from '../../../test/user-import.ts'

const server = useTestServer()
const at = usePool(server, { pool: { AutoVerifiedAttributes: ['email'] } })

it('stops a job wherever it is, or finds it ended', async () => {
  const { JobId, PreSignedUrl } = await createJob(server, at.poolId)
  const rows = Array.from({ length: 600 }, (_, i) => [`user${i}`, `user${i}@example.com`, 'true'])
  await upload(PreSignedUrl, csvOf(['email', 'email_verified'], rows))
  await startJob(server, at.poolId, JobId)
  const stopping = server.admin.send(new StopUserImportJobCommand({ UserPoolId: at.poolId, JobId }))
  const stopped = await stopping.then(
    ({ UserImportJob }) => UserImportJob?.Status,
    (error: Error) => error.name,
  )
  const { Status, ImportedUsers } = await ended(server, at.poolId, JobId)
  // How far the job was is the machine's business (run-import.test.ts stops one in the middle).
  if (stopped === 'PreconditionNotMetException')
    expect({ Status, ImportedUsers }).toEqual({ Status: 'Succeeded', ImportedUsers: 600 })
  else expect(Status).toBe('Stopped')
})
