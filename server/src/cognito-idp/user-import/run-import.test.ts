import { randomBytes } from 'node:crypto'
import {
  AddCustomAttributesCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  type CreateUserPoolCommandInput,
  DeleteUserPoolCommand,
  DescribeUserPoolCommand,
  ListUsersCommand,
  StopUserImportJobCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  signIn,
  startTestServer,
  type TestServer,
  useTestServer,
} from '../../../test/harness.ts'
import { until } from '../../../test/outbox-parts.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import { createJob, csvOf, describeJob, ended, importFile, logOf, startJob, upload } from '../../../test/user-import.ts'

const EMAIL: Partial<CreateUserPoolCommandInput> = { AutoVerifiedAttributes: ['email'] }
const columns = ['email', 'email_verified']
const row = (name: string): string[] => [name, `${name}@example.com`, 'true']
const rows = (count: number, prefix = 'user'): string[][] =>
  Array.from({ length: count }, (_, i) => row(`${prefix}${i}`))
const done = (line: number): string => `[SUCCEEDED] Line Number ${line} - The import succeeded.`

describe.each(engines)('an import on %s', (engine) => {
  const server = useTestServer({ engine })
  const userOf = async (UserPoolId: string, Username: string) => {
    const user = await server.admin.send(new AdminGetUserCommand({ UserPoolId, Username }))
    const attributes = Object.fromEntries((user.UserAttributes ?? []).map(({ Name, Value }) => [Name, Value]))
    return { ...user, attributes }
  }

  it('makes users with all that their rows say, who reset their passwords', async () => {
    const { Id } = await makePool(server, {
      ...EMAIL,
      AutoVerifiedAttributes: ['email', 'phone_number'],
      Schema: [{ Name: 'team', AttributeDataType: 'String', Mutable: true }],
    })
    const file =
      'phone_number,email,cognito:username,birthdate,address,custom:team,updated_at,cognito:mfa_enabled,email_verified,phone_number_verified\r\n' +
      '+15550100,ann@example.com, ann ,02/28/1990,1 Road\\, Town,red,1700000000,TRUE,True,true\r\n' +
      '\r\n' +
      ',,bob,,"2 ""Road"", Town",,,false,,\r\n' +
      ',carl@example.com,carl,,,,,false,true,'
    const job = await importFile(server, Id, file)
    expect(job).toMatchObject({
      Status: 'Succeeded',
      CompletionMessage: 'Import Job Completed Successfully.',
      ImportedUsers: 2,
      SkippedUsers: 0,
      FailedUsers: 1,
    })
    expect(await logOf(server, Id, job.JobId)).toEqual([
      done(2),
      '[FAILED] Line Number 4 - The User Record does not set any of the auto verified attributes to true. (Example: email_verified to true).',
      done(5),
    ])
    const ann = await userOf(Id, 'ann')
    expect(ann).toMatchObject({
      UserStatus: 'RESET_REQUIRED',
      Enabled: true,
      UserMFASettingList: ['SMS_MFA'],
      attributes: {
        phone_number: '+15550100',
        phone_number_verified: 'true',
        email: 'ann@example.com',
        email_verified: 'true',
        birthdate: '1990-02-28',
        address: '1 Road, Town',
        'custom:team': 'red',
        updated_at: '1700000000',
      },
    })
    const carl = await userOf(Id, 'carl')
    expect(Object.keys(carl.attributes).sort()).toEqual(['email', 'email_verified', 'sub'])
    const { ClientId } = await makeClient(server, Id)
    await expectRefusal(signIn(server, ClientId, 'ann'), 'PasswordResetRequiredException')
    const found = await server.admin.send(
      new ListUsersCommand({ UserPoolId: Id, Filter: 'email = "carl@example.com"' }),
    )
    expect(found.Users?.map(({ Username }) => Username)).toEqual(['carl'])
    const { UserPool } = await server.admin.send(new DescribeUserPoolCommand({ UserPoolId: Id }))
    expect(UserPool?.EstimatedNumberOfUsers).toBe(2)
  })

  it('skips users who exist, before and within the file, and fails those whose alias is taken', async () => {
    const { Id } = await makePool(server, { ...EMAIL, AliasAttributes: ['email'] })
    await makeUser(server, Id, 'ann', { email: 'ann@example.com', email_verified: 'true' })
    const sub = await makeUser(server, Id, 'zoe')
    const job = await importFile(
      server,
      Id,
      csvOf(columns, [
        row('ann'),
        row('bob'),
        row('bob'),
        ['eve', 'ann@example.com', 'true'],
        ['eve', 'bob@example.com', 'true'],
        row('eve'),
        row(sub),
      ]),
    )
    expect(job).toMatchObject({ Status: 'Succeeded', ImportedUsers: 2, SkippedUsers: 3, FailedUsers: 2 })
    expect((await logOf(server, Id, job.JobId)).map((line) => line.replace(/Line Number \d+ - /, ''))).toEqual([
      '[SKIPPED] The user already exists.',
      '[SUCCEEDED] The import succeeded.',
      '[SKIPPED] The user already exists.',
      '[FAILED] An account with the given email already exists.',
      '[FAILED] An account with the given email already exists.',
      '[SUCCEEDED] The import succeeded.',
      '[SKIPPED] The user already exists.',
    ])
  })

  it('takes names that look alike, or differ in case, for one', async () => {
    const pool = { ...EMAIL, AliasAttributes: ['email' as const], UsernameConfiguration: { CaseSensitive: false } }
    const { Id } = await makePool(server, pool)
    const job = await importFile(
      server,
      Id,
      csvOf(columns, [
        row('ann'),
        ['ANN', 'other1@example.com', 'true'],
        ['ａｎｎ', 'other2@example.com', 'true'],
        ['caf\u00e9', 'other3@example.com', 'TRUE'],
        ['cafe\u0301', 'other4@example.com', 'true'],
        ['bob', 'ANN@example.com', 'True'],
        ['carl', 'OTHER3@EXAMPLE.COM', 'true'],
        row('ann'),
      ]),
    )
    expect(job).toMatchObject({ Status: 'Succeeded', ImportedUsers: 2, SkippedUsers: 4, FailedUsers: 2 })
    expect((await userOf(Id, 'CAF\u00c9')).attributes['email']).toBe('other3@example.com')
  })

  it('names users by their addresses where the pool does', async () => {
    const { Id } = await makePool(server, { ...EMAIL, UsernameAttributes: ['email'] })
    const file = csvOf(columns, [
      ['ann@example.com', '', 'true'],
      ['bob@example.com', 'bob@example.com', 'true'],
      ['carl', 'carl@example.com', 'true'],
      ['dan@example.com', 'eve@example.com', 'true'],
      ['ann@example.com', '', 'true'],
    ])
    const job = await importFile(server, Id, file)
    expect(job).toMatchObject({ ImportedUsers: 2, SkippedUsers: 1, FailedUsers: 2 })
    const ann = await userOf(Id, 'ann@example.com')
    expect(ann.Username).toBe(ann.attributes['sub'])
    expect(ann.attributes['email']).toBe('ann@example.com')
  })

  it('carries out a file of many steps, page by page of its log', async () => {
    const { Id } = await makePool(server, EMAIL)
    const job = await importFile(server, Id, csvOf(columns, rows(1000)))
    expect(job).toMatchObject({ Status: 'Succeeded', ImportedUsers: 1000, SkippedUsers: 0, FailedUsers: 0 })
    expect(await logOf(server, Id, job.JobId)).toEqual(Array.from({ length: 1000 }, (_, i) => done(i + 2)))
    expect((await userOf(Id, 'user999')).attributes['email']).toBe('user999@example.com')
  })

  it('is stopped in the middle, and before it has begun, and refuses changes of its pool until then', async () => {
    const { admin } = server
    const [long, waiting] = [await makePool(server, EMAIL), await makePool(server, EMAIL)]
    const [first, second] = [await createJob(server, long.Id), await createJob(server, waiting.Id)]
    await upload(first.PreSignedUrl, csvOf(columns, rows(20_000, 'stopped')))
    await upload(second.PreSignedUrl, csvOf(columns, rows(10)))
    await startJob(server, long.Id, first.JobId)
    await until(async () => ((await describeJob(server, long.Id, first.JobId)).ImportedUsers ?? 0) > 0, 60_000)
    await startJob(server, waiting.Id, second.JobId)
    expect((await describeJob(server, waiting.Id, second.JobId)).Status).toBe('Pending')
    const refused = (call: Promise<unknown>) => expectRefusal(call, 'UserImportInProgressException')
    const CustomAttributes = [{ Name: 'x', AttributeDataType: 'String' as const }]
    for (const UserPoolId of [long.Id, waiting.Id])
      await Promise.all([
        refused(admin.send(new UpdateUserPoolCommand({ UserPoolId }))),
        refused(admin.send(new AddCustomAttributesCommand({ UserPoolId, CustomAttributes }))),
        refused(admin.send(new DeleteUserPoolCommand({ UserPoolId }))),
      ])
    for (const [UserPoolId, { JobId }] of [
      [waiting.Id, second],
      [long.Id, first],
    ] as const) {
      const { UserImportJob } = await admin.send(new StopUserImportJobCommand({ UserPoolId, JobId }))
      expect(UserImportJob?.Status).toBe('Stopping')
    }
    const job = await ended(server, long.Id, first.JobId)
    expect(job).toMatchObject({ Status: 'Stopped', CompletionMessage: 'The Import Job was stopped by the developer.' })
    expect(job.ImportedUsers).toBeLessThan(20_000)
    expect(await logOf(server, long.Id, first.JobId)).toHaveLength(job.ImportedUsers ?? -1)
    const { UserPool } = await admin.send(new DescribeUserPoolCommand({ UserPoolId: long.Id }))
    expect(UserPool?.EstimatedNumberOfUsers).toBe(job.ImportedUsers)
    const last = (job.ImportedUsers ?? 0) - 1
    expect((await userOf(long.Id, `stopped${last}`)).UserStatus).toBe('RESET_REQUIRED')
    await expectRefusal(userOf(long.Id, `stopped${last + 1}`), 'UserNotFoundException')
    expect(await ended(server, waiting.Id, second.JobId)).toMatchObject({ Status: 'Stopped', ImportedUsers: 0 })
    await expectRefusal(startJob(server, long.Id, first.JobId), 'PreconditionNotMetException')
    await admin.send(new UpdateUserPoolCommand({ UserPoolId: long.Id }))
    await admin.send(new DeleteUserPoolCommand({ UserPoolId: long.Id }))
  })

  it('is not disturbed by users who are made meanwhile, nor by another job', async () => {
    const { Id } = await makePool(server, EMAIL)
    const jobs = [await createJob(server, Id), await createJob(server, Id)]
    for (const { PreSignedUrl } of jobs) await upload(PreSignedUrl, csvOf(columns, rows(300, 'shared')))
    const makes = Array.from({ length: 40 }, (_, i) =>
      server.admin
        .send(new AdminCreateUserCommand({ UserPoolId: Id, Username: `shared${i * 7}`, MessageAction: 'SUPPRESS' }))
        .then(
          () => 1,
          () => 0,
        ),
    )
    for (const { JobId } of jobs) await startJob(server, Id, JobId)
    const made = (await Promise.all(makes)).reduce<number>((sum, one) => sum + one, 0)
    const results = await Promise.all(jobs.map(({ JobId }) => ended(server, Id, JobId)))
    for (const result of results) expect((result.ImportedUsers ?? 0) + (result.SkippedUsers ?? 0)).toBe(300)
    const imported = results.reduce((sum, result) => sum + (result.ImportedUsers ?? 0), 0)
    expect(imported + made).toBe(300)
    const { UserPool } = await server.admin.send(new DescribeUserPoolCommand({ UserPoolId: Id }))
    expect(UserPool?.EstimatedNumberOfUsers).toBe(300)
  })

  it('expires a job that nobody starts', async () => {
    const { Id } = await makePool(server, EMAIL)
    const { JobId, PreSignedUrl } = await createJob(server, Id)
    await upload(PreSignedUrl, csvOf(columns, [row('late')]))
    server.clock.advance(24 * 60 * 60 * 1000)
    await expectRefusal(startJob(server, Id, JobId), 'PreconditionNotMetException', 'The user import job has expired.')
    expect(await ended(server, Id, JobId)).toMatchObject({
      Status: 'Expired',
      CompletionMessage: 'The user import job has expired.',
    })
    expect((await describeJob(server, Id, JobId)).StartDate).toBeUndefined()
  })
})

it('two processes import the same names at once: each is imported by one of them', async () => {
  const env = { DATABASE_URL: await postgresUrl(), COGNOMEN_MASTER_KEY: randomBytes(32).toString('base64') }
  const servers = [
    await startTestServer({ engine: 'postgres', env }),
    await startTestServer({ engine: 'postgres', env }),
  ]
  const [first, second] = servers as [TestServer, TestServer]
  try {
    const { Id } = await makePool(first, { ...EMAIL, AliasAttributes: ['email'] })
    const all = rows(3000, 'rival')
    const jobs = [await createJob(first, Id), await createJob(first, Id)] as const
    await upload(jobs[0].PreSignedUrl, csvOf(columns, all))
    await upload(jobs[1].PreSignedUrl, csvOf(columns, [...all].reverse()))
    await Promise.all([startJob(first, Id, jobs[0].JobId), startJob(second, Id, jobs[1].JobId)])
    const results = await Promise.all(jobs.map(({ JobId }) => ended(first, Id, JobId)))
    const sum = (count: 'ImportedUsers' | 'SkippedUsers' | 'FailedUsers') =>
      results.reduce((total, result) => total + (result[count] ?? 0), 0)
    expect(results.map(({ Status }) => Status)).toEqual(['Succeeded', 'Succeeded'])
    expect([sum('ImportedUsers'), sum('SkippedUsers'), sum('FailedUsers')]).toEqual([3000, 3000, 0])
    const { UserPool } = await first.admin.send(new DescribeUserPoolCommand({ UserPoolId: Id }))
    expect(UserPool?.EstimatedNumberOfUsers).toBe(3000)
    for (const { JobId } of jobs) expect(await logOf(second, Id, JobId)).toHaveLength(3000)
  } finally {
    for (const server of servers) await server.stop()
  }
})

it('an import whose file does not open any more fails, and its pool can be changed', async () => {
  const url = await postgresUrl()
  const server = await startTestServer({ engine: 'postgres', env: { DATABASE_URL: url } })
  const client = new pg.Client(url)
  try {
    const { Id } = await makePool(server, EMAIL)
    const { JobId, PreSignedUrl } = await createJob(server, Id)
    await upload(PreSignedUrl, csvOf(columns, rows(10)))
    await client.connect()
    await client.query("update user_import_parts set content_sealed = 'AAAA' || substr(content_sealed, 5)")
    await startJob(server, Id, JobId)
    expect(await ended(server, Id, JobId)).toMatchObject({
      Status: 'Failed',
      CompletionMessage: 'The file cannot be read: import it by another job.',
      ImportedUsers: 0,
    })
    await server.admin.send(new UpdateUserPoolCommand({ UserPoolId: Id }))
  } finally {
    await client.end()
    await server.stop()
  }
})

describe('bounds of an import', () => {
  const server = useTestServer({ env: { IMPORT_MAX_REFUSED_USERS: '3', IMPORT_MAX_USERS: '6' } })

  it('fails at the row that is one too many, of all and of those refused', async () => {
    const { Id } = await makePool(server, EMAIL)
    const tooMany = await importFile(server, Id, csvOf(columns, rows(7, 'many')))
    expect(tooMany).toMatchObject({
      Status: 'Failed',
      CompletionMessage: 'The file has more than 6 users.',
      ImportedUsers: 6,
    })
    const allowed = await importFile(server, Id, csvOf(columns, [...rows(3, 'many'), row('punctual')]))
    expect(allowed).toMatchObject({ Status: 'Succeeded', ImportedUsers: 1, SkippedUsers: 3, FailedUsers: 0 })
    const again = await importFile(server, Id, csvOf(columns, [...rows(4, 'many'), row('late')]))
    expect(again).toMatchObject({
      Status: 'Failed',
      CompletionMessage: 'Too many users have failed or been skipped during the import.',
      ImportedUsers: 0,
      SkippedUsers: 4,
    })
    expect(await logOf(server, Id, again.JobId)).toHaveLength(4)
    const found = await server.admin.send(new ListUsersCommand({ UserPoolId: Id, Filter: 'username = "late"' }))
    expect(found.Users).toEqual([])
  })
})
