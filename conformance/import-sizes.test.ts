// Imports of 1, of 1,000 and, in the conformance run, of 1,000,000 users by the server as it is started: every row is
// counted and told of, users are found, reset their passwords and sign in, and memory does not grow with the file.
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import {
  AdminGetUserCommand,
  ConfirmForgotPasswordCommand,
  DescribeUserPoolCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { expect, test } from 'vitest'
import { createJob, describeJob, logOf, startJob } from '../server/test/user-import.ts'
import { engines, type StartedServer, startServer } from './start-server.ts'
import { adminClient, makePool, newestCode } from './user-pool.ts'

const LONG = process.env['COGNOMEN_LONG'] !== undefined
const SIZES = LONG ? [1, 1_000, 1_000_000] : [1, 1_000]
const PASSWORD = 'Imported-1!'

/** What the server may take, and how much more at the end of a large file than after its first fifth. */
const MOST_MEGABYTES = 300
const GROWTH_MEGABYTES = 60

/** Every thousandth row has no verified address, and is refused. */
const isRefused = (i: number): boolean => i % 1_000 === 999
/** Each name once, and not in the order of the rows, as in real files. */
const nameOf = (i: number): string => (Math.imul(i + 1, 2_654_435_761) >>> 0).toString(16).padStart(8, '0')

function* fileOf(users: number): Generator<Buffer> {
  yield Buffer.from('cognito:username,cognito:mfa_enabled,email,email_verified,given_name\n')
  for (let i = 0; i < users; ) {
    let piece = ''
    for (const end = Math.min(users, i + 1_000); i < end; i++) {
      const name = nameOf(i)
      piece += `${name},false,${name}@example.com,${!isRefused(i)},"Given, ${i}"\n`
    }
    yield Buffer.from(piece)
  }
}

/** Resident memory of a process in megabytes; 0 where no /proc tells it. */
const residentOf = (pid: number): number =>
  process.platform !== 'linux'
    ? 0
    : Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)

test.each(engines.flatMap((engine) => SIZES.map((users) => [engine, users] as const)))(
  'on %s a file of %i users',
  async (engine, users) => {
    const env = { LOG_LEVEL: 'error', IMPORT_MAX_USERS: '1000000', IMPORT_MAX_MEGABYTES: '200' }
    const server = await startServer({ engine, env })
    const admin = adminClient(server)
    try {
      const { poolId, clientId } = await makePool(admin, {
        AutoVerifiedAttributes: ['email'],
        AliasAttributes: ['email'],
      })
      const { JobId, PreSignedUrl } = await createJob({ admin }, poolId)
      const url = new URL(PreSignedUrl)
      const body = Readable.toWeb(Readable.from(fileOf(users)))
      const init = { method: 'PUT', body, duplex: 'half' } as unknown as RequestInit
      expect((await fetch(`${server.url}${url.pathname}${url.search}`, init)).status).toBe(200)
      await startJob({ admin }, poolId, JobId)
      const { job, memory, seconds } = await watched(server, () => describeJob({ admin }, poolId, JobId), users)
      const failed = Math.floor(users / 1_000)
      const counts = { ImportedUsers: users - failed, SkippedUsers: 0, FailedUsers: failed }
      expect(job).toMatchObject({ Status: 'Succeeded', ...counts })
      process.stdout.write(
        `${users} users on ${engine}: ${Math.round(users / seconds)} a second, ${Math.max(...memory)} MB at most\n`,
      )
      const { UserPool } = await admin.send(new DescribeUserPoolCommand({ UserPoolId: poolId }))
      expect(UserPool?.EstimatedNumberOfUsers).toBe(users - failed)

      const log = await logOf(server, poolId, JobId)
      expect(log).toHaveLength(users)
      expect(
        log.every((line, i) => line.startsWith(`[${isRefused(i) ? 'FAILED' : 'SUCCEEDED'}] Line Number ${i + 2} - `)),
      ).toBe(true)

      for (const i of new Set([0, Math.floor(users / 2), Math.max(0, users - 2)])) {
        const Username = nameOf(i)
        const email = `${Username}@example.com`
        const user = await admin.send(new AdminGetUserCommand({ UserPoolId: poolId, Username }))
        expect(user.UserStatus).toBe('RESET_REQUIRED')
        expect(user.UserAttributes).toContainEqual({ Name: 'given_name', Value: `Given, ${i}` })
        const found = await admin.send(new ListUsersCommand({ UserPoolId: poolId, Filter: `email = "${email}"` }))
        expect(found.Users?.map((each) => each.Username)).toEqual([Username])
        await admin.send(new ForgotPasswordCommand({ ClientId: clientId, Username: email }))
        const ConfirmationCode = await newestCode(server, email)
        const confirmed = { ClientId: clientId, Username, ConfirmationCode, Password: PASSWORD }
        await admin.send(new ConfirmForgotPasswordCommand(confirmed))
        const AuthParameters = { USERNAME: email, PASSWORD }
        const signedIn = await admin.send(
          new InitiateAuthCommand({ ClientId: clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }),
        )
        expect(signedIn.AuthenticationResult?.AccessToken).toBeDefined()
      }
      if (users >= 1_000) {
        const refused = new AdminGetUserCommand({ UserPoolId: poolId, Username: nameOf(999) })
        await expect(admin.send(refused)).rejects.toThrow('User does not exist.')
      }

      expect(Math.max(...memory)).toBeLessThan(MOST_MEGABYTES)
      if (memory.length >= 50) {
        const fifth = Math.floor(memory.length / 5)
        const early = Math.max(...memory.slice(0, fifth))
        expect(Math.max(...memory.slice(-fifth)) - early).toBeLessThan(GROWTH_MEGABYTES)
      }
    } finally {
      admin.destroy()
      await server.stop()
    }
  },
  LONG ? 3_600_000 : 60_000,
)

/** The job when it has ended, with the memory of the server meanwhile, and how long it took. */
async function watched(
  { pid }: Pick<StartedServer, 'pid'>,
  describe: () => ReturnType<typeof describeJob>,
  users: number,
) {
  const startedAt = performance.now()
  const memory: number[] = []
  for (;;) {
    const job = await describe()
    memory.push(residentOf(pid))
    if (job.CompletionDate) return { job, memory, seconds: (performance.now() - startedAt) / 1_000 }
    await setTimeout(users > 1_000 ? 200 : 10)
  }
}
