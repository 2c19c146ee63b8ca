// `kill -9` in the middle of an import, again and again: in the end every row has been handled exactly once, in the counts,
// in the log and among the users.
import { DescribeUserPoolCommand, ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider'
import { expect, test } from 'vitest'
import { engines, startServer } from '../../../conformance/start-server.ts'
import { adminClient, makePool } from '../../../conformance/user-pool.ts'
import { until } from '../outbox-parts.ts'
import { createJob, csvOf, describeJob, ended, logOf, startJob, upload } from '../user-import.ts'

const USERS = 20_000
// On PostgreSQL the job of a killed process is taken over when its lease has expired, after 20 seconds.
const LONG = process.env['COGNOMEN_LONG'] !== undefined
const ROUNDS = LONG ? { sqlite: 50, postgres: 50 } : { sqlite: 8, postgres: 2 }

/** Every tenth row is that of a user who was there before, or the name of a user twice. */
const rowOf = (i: number): string[] => {
  const name = i % 10 === 9 ? `user${i - 1}` : `user${i}`
  return [name, `${name}@example.com`, i % 100 === 50 ? 'false' : 'true']
}

/** The log as it is without any kill. */
function logOfRows(rows: readonly string[][]): string[] {
  const seen = new Set<string>()
  return rows.map(([name = '', , verified], i) => {
    const line = `Line Number ${i + 2} -`
    if (verified === 'false')
      return `[FAILED] ${line} The User Record does not set any of the auto verified attributes to true. (Example: email_verified to true).`
    if (seen.has(name)) return `[SKIPPED] ${line} The user already exists.`
    seen.add(name)
    return `[SUCCEEDED] ${line} The import succeeded.`
  })
}

test.concurrent.each(engines)(
  '%s loses no row of an import and doubles none',
  async (engine) => {
    const rounds = ROUNDS[engine]
    const server = await startServer({ engine, env: { LOG_LEVEL: 'error' } })
    const client = () => ({ admin: adminClient(server) })
    try {
      let { admin } = client()
      const { poolId } = await makePool(admin, { AutoVerifiedAttributes: ['email'] })
      const { JobId, PreSignedUrl } = await createJob({ admin }, poolId)
      const rows = Array.from({ length: USERS }, (_, i) => rowOf(i))
      const url = new URL(PreSignedUrl)
      expect(
        (await upload(`${server.url}${url.pathname}${url.search}`, csvOf(['email', 'email_verified'], rows))).status,
      ).toBe(200)
      await startJob({ admin }, poolId, JobId)
      for (let round = 1; round <= rounds; round++) {
        const handled = async () => {
          const { ImportedUsers = 0, SkippedUsers = 0, FailedUsers = 0 } = await describeJob({ admin }, poolId, JobId)
          return ImportedUsers + SkippedUsers + FailedUsers
        }
        await until(async () => (await handled()) >= (round * USERS) / (rounds + 2), 60_000)
        await server.kill()
        admin.destroy()
        await server.restart()
        admin = client().admin
        // It was killed in the middle, not after the end.
        expect(await handled()).toBeLessThan(USERS)
      }
      const failed = rows.filter(([, , verified]) => verified === 'false').length
      const job = await ended({ admin }, poolId, JobId)
      const names = rows.filter(([, , verified]) => verified === 'true').map(([name = '']) => name)
      const unique = [...new Set(names)].sort()
      expect(job).toMatchObject({
        Status: 'Succeeded',
        ImportedUsers: unique.length,
        SkippedUsers: names.length - unique.length,
        FailedUsers: failed,
      })
      const found: string[] = []
      let PaginationToken: string | undefined
      do {
        const page = await admin.send(
          new ListUsersCommand({ UserPoolId: poolId, AttributesToGet: [], PaginationToken }),
        )
        found.push(...(page.Users ?? []).map(({ Username = '' }) => Username))
        PaginationToken = page.PaginationToken
      } while (PaginationToken !== undefined)
      expect(found.sort()).toEqual(unique)
      const { UserPool } = await admin.send(new DescribeUserPoolCommand({ UserPoolId: poolId }))
      expect(UserPool?.EstimatedNumberOfUsers).toBe(unique.length)
      expect(await logOf(server, poolId, JobId)).toEqual(logOfRows(rows))
      expect(server.output()).not.toContain('"level":50')
      admin.destroy()
    } finally {
      await server.stop()
    }
  },
  LONG ? 7_200_000 : 600_000,
)
