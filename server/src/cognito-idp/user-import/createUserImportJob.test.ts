import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, usePool, useTestServer } from '../../../test/harness.ts'
import { createJob, describeJob, ROLE, upload } from '../../../test/user-import.ts'
import { limits } from '../limits.ts'

const MINUTE_MS = 60_000

describe('CreateUserImportJob', () => {
  const server = useTestServer()
  const at = usePool(server, { pool: { AutoVerifiedAttributes: ['email'] } })

  it('makes a job that waits for its file', async () => {
    const job = await createJob(server, at.poolId, { JobName: 'The first', PasswordHashingAlgorithm: 'SCRYPT' })
    expect(job).toEqual({
      JobName: 'The first',
      JobId: expect.stringMatching(/^import-[0-9A-Za-z]{10}$/),
      UserPoolId: at.poolId,
      PreSignedUrl: expect.stringContaining(`${server.publicUrl}/${at.poolId}/imports/${job.JobId}?`),
      CreationDate: expect.any(Date),
      Status: 'Created',
      CloudWatchLogsRoleArn: ROLE,
      ImportedUsers: 0,
      SkippedUsers: 0,
      FailedUsers: 0,
      PasswordHashingAlgorithm: 'SCRYPT',
    })
    expect(await describeJob(server, at.poolId, job.JobId)).toEqual(job)
  })

  it('gives an address that takes a file for a quarter of an hour, for this job alone', async () => {
    const [job, other] = [await createJob(server, at.poolId), await createJob(server, at.poolId)]
    const put = async (url: string) => {
      const response = await upload(url, 'x')
      return { status: response.status, ...((await response.json()) as { message: string }) }
    }
    expect(await put(job.PreSignedUrl)).toEqual({ status: 200, message: 'The file has been uploaded.' })
    const wrong = { status: 403, message: 'The address is not one that CreateUserImportJob gave for this job.' }
    const url = new URL(job.PreSignedUrl)
    const changed = (name: string, value: string) => {
      const copy = new URL(url)
      copy.searchParams.set(name, value)
      return copy.href
    }
    const expires = Number(url.searchParams.get('expires'))
    const foreignPool = (await makePool(server)).Id
    for (const address of [
      job.PreSignedUrl.replace(job.JobId, other.JobId),
      job.PreSignedUrl.replace(at.poolId, foreignPool),
      changed('expires', String(expires + 1)),
      changed('signature', ''),
      changed('signature', 'A'.repeat(43)),
      `${url.origin}${url.pathname}`,
    ])
      expect(await put(address), address).toEqual(wrong)
    server.clock.advance(15 * MINUTE_MS + 1)
    const expired = { status: 403, message: 'The address has expired. DescribeUserImportJob gives another one.' }
    expect(await put(job.PreSignedUrl)).toEqual(expired)
    const { PreSignedUrl } = await describeJob(server, at.poolId, job.JobId)
    server.clock.advance(15 * MINUTE_MS - 10_000)
    expect(await put(PreSignedUrl)).toMatchObject({ status: 200 })
    server.clock.advance(10_001)
    expect(await put(PreSignedUrl)).toEqual(expired)
  })

  it.each(['GET', 'POST', 'DELETE'])('takes no %s at that address', async (method) => {
    const { PreSignedUrl } = await createJob(server, at.poolId)
    expect((await fetch(PreSignedUrl, { method })).status).toBe(404)
  })

  it('refuses more jobs than a pool may have', async () => {
    const full = (await makePool(server)).Id
    for (let made = 0; made < limits.importJobsPerPool.max; made += 20)
      await Promise.all(Array.from({ length: 20 }, () => createJob(server, full)))
    await expectRefusal(createJob(server, full), 'LimitExceededException', 'A user pool has at most 1000 import jobs.')
  })

  it('refuses an unsigned call', async () => {
    const input = { UserPoolId: at.poolId, JobName: 'x', CloudWatchLogsRoleArn: ROLE }
    const { json } = await server.raw('CreateUserImportJob', input)
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
