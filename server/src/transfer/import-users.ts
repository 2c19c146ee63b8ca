// `cognomen import`: a job from a file, its end, its refused rows, then groups (docs/import.md).
import { open } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { type Call, PAUSE_MS } from './caller.ts'
import { applyGroups } from './groups-file.ts'
import { type Output, startProgress } from './output.ts'
import { upload } from './upload.ts'

export interface ImportOptions {
  readonly pool: string
  readonly file: string
  /** PasswordHashingAlgorithm, or OWN_HASHES; undefined for a file without passwords. */
  readonly hashes: string | undefined
  readonly groups: string | undefined
}

/** What `--hashes` is for a file that `cognomen export --hashes` wrote. Every job with hashes takes those. */
const OWN_HASHES = 'COGNOMEN'

/** Resolves with the exit code: 1 when the job, a row or a line of groups failed. */
export async function importUsers(call: Call, options: ImportOptions, output: Output): Promise<number> {
  const { pool: UserPoolId, hashes, groups } = options
  const handle = await open(options.file)
  try {
    const created = await call('CreateUserImportJob', {
      UserPoolId,
      JobName: 'cognomen import',
      CloudWatchLogsRoleArn: 'arn:aws:iam::000000000000:role/none',
      ...(hashes !== undefined && { PasswordHashingAlgorithm: hashes === OWN_HASHES ? 'BCRYPT' : hashes }),
    })
    const { JobId } = created['UserImportJob'] as { JobId: string }
    const describe = async () => (await call('DescribeUserImportJob', { UserPoolId, JobId }))['UserImportJob'] as Job
    const lines = await upload(handle, async () => (await describe()).PreSignedUrl, output)
    await call('StartUserImportJob', { UserPoolId, JobId })
    const job = await endOf(describe, lines - 1, output)
    output.print(`${job.ImportedUsers} imported, ${job.SkippedUsers} skipped, ${job.FailedUsers} failed\n`)
    output.print(`${job.Status}: ${job.CompletionMessage}\n`)
    if (job.SkippedUsers + job.FailedUsers > 0) await printRefused(call, UserPoolId, JobId, output)
    if (job.Status !== 'Succeeded') return 1
    const refused = groups === undefined ? 0 : await applyGroups(call, UserPoolId, groups, output)
    return job.FailedUsers + refused === 0 ? 0 : 1
  } finally {
    await handle.close()
  }
}

interface Job {
  readonly PreSignedUrl: string
  readonly Status: string
  readonly CompletionMessage?: string
  readonly CompletionDate?: number
  readonly ImportedUsers: number
  readonly SkippedUsers: number
  readonly FailedUsers: number
}

async function endOf(describe: () => Promise<Job>, total: number, output: Output): Promise<Job> {
  const progress = startProgress(output, 'users')
  for (;;) {
    const job = await describe()
    const done = job.ImportedUsers + job.SkippedUsers + job.FailedUsers
    if (job.CompletionDate !== undefined) {
      progress.end(done, Math.max(total, 0))
      return job
    }
    progress.show(done, total)
    await setTimeout(PAUSE_MS)
  }
}

async function printRefused(call: Call, UserPoolId: string, JobId: string, { print }: Output): Promise<void> {
  for (let NextToken: unknown, more = true; more; more = NextToken !== undefined) {
    const page = await call('GetUserImportJobLog', { UserPoolId, JobId, ...(NextToken !== undefined && { NextToken }) })
    for (const line of page['Lines'] as string[]) if (!line.startsWith('[SUCCEEDED]')) print(`${line}\n`)
    NextToken = page['NextToken']
  }
}
