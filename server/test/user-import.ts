// Import jobs for tests: made, uploaded, started, and waited for.
import {
  CreateUserImportJobCommand,
  type CreateUserImportJobCommandInput,
  DescribeUserImportJobCommand,
  StartUserImportJobCommand,
  type UserImportJobType,
} from '@aws-sdk/client-cognito-identity-provider'
import { expect } from 'vitest'
import type { TestServer } from './harness.ts'
import { until } from './outbox-parts.ts'
import { call } from './refusals/raw-request.ts'

export const ROLE = 'arn:aws:iam::000000000000:role/import'

export type Job = UserImportJobType & { JobId: string; PreSignedUrl: string }

export async function createJob(
  server: Pick<TestServer, 'admin'>,
  UserPoolId: string,
  input: Partial<CreateUserImportJobCommandInput> = {},
): Promise<Job> {
  const command = new CreateUserImportJobCommand({
    UserPoolId,
    JobName: 'import',
    CloudWatchLogsRoleArn: ROLE,
    ...input,
  })
  return (await server.admin.send(command)).UserImportJob as Job
}

/** As AWS's documentation says that a file is sent. */
export const upload = (url: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'PUT',
    body: body as BodyInit,
    headers: { 'x-amz-server-side-encryption': 'aws:kms', ...headers },
  })

export const describeJob = async (server: Pick<TestServer, 'admin'>, UserPoolId: string, JobId: string): Promise<Job> =>
  (await server.admin.send(new DescribeUserImportJobCommand({ UserPoolId, JobId }))).UserImportJob as Job

export const startJob = (server: Pick<TestServer, 'admin'>, UserPoolId: string, JobId: string) =>
  server.admin.send(new StartUserImportJobCommand({ UserPoolId, JobId }))

/** Resolves with a job that has ended. */
export async function ended(server: Pick<TestServer, 'admin'>, UserPoolId: string, JobId: string): Promise<Job> {
  let job = await describeJob(server, UserPoolId, JobId)
  await until(async () => {
    job = await describeJob(server, UserPoolId, JobId)
    return job.CompletionDate !== undefined
  }, 60_000)
  return job
}

/** Imports a file; resolves with the job when it has ended. */
export async function importFile(
  server: TestServer,
  UserPoolId: string,
  file: string | Uint8Array,
  input: Partial<CreateUserImportJobCommandInput> = {},
): Promise<Job> {
  const { JobId, PreSignedUrl } = await createJob(server, UserPoolId, input)
  expect((await upload(PreSignedUrl, file)).status).toBe(200)
  await startJob(server, UserPoolId, JobId)
  return ended(server, UserPoolId, JobId)
}

/** A file with these columns beside `cognito:username` and `cognito:mfa_enabled`; the latter is false. */
export const csvOf = (columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  [
    ['cognito:username', 'cognito:mfa_enabled', ...columns],
    ...rows.map(([name = '', ...values]) => [name, 'false', ...values]),
  ]
    .map((row) => `${row.join(',')}\n`)
    .join('')

/** The whole log of a job, page by page. */
export async function logOf(
  server: Pick<TestServer, 'url' | 'region' | 'credentials'>,
  UserPoolId: string,
  JobId: string,
): Promise<string[]> {
  const lines: string[] = []
  let NextToken: unknown
  do {
    const input = { UserPoolId, JobId, ...(NextToken ? { NextToken } : {}) }
    const { status, json } = await call(server, 'GetUserImportJobLog', input, { sign: true })
    expect(status).toBe(200)
    lines.push(...(json['Lines'] as string[]))
    NextToken = json['NextToken']
  } while (NextToken !== undefined)
  return lines
}
