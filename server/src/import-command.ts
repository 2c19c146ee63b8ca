// `cognomen import` and `cognomen export`: users of a pool from a CSV file and into one, through the API of a server that
// runs (docs/import.md).
import { createWriteStream } from 'node:fs'
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Environment, variables } from './config/env.ts'
import { signRequest } from './sigv4/sign.ts'

export const importUsage = `Usage: cognomen import <file.csv> --pool <id> [--hashes BCRYPT|SCRYPT|ARGON2ID|PBKDF2_SHA256] [--url <server>]
       cognomen export [<file.csv>] --pool <id> [--url <server>]

The key is that of COGNOMEN_ACCESS_KEY_ID and COGNOMEN_SECRET_ACCESS_KEY, or of DATA_DIR/credentials.
`

type Print = (text: string) => void
type Json = Record<string, unknown>
type Call = (operation: string, input: Json) => Promise<Json>

/** A problem whose message is all that the user needs. */
class CommandProblem extends Error {}

/** Runs one of the two commands; resolves with the exit code: 1 when users failed, 2 for arguments that are none. */
export async function transferUsers(
  command: 'import' | 'export',
  args: readonly string[],
  env: NodeJS.ProcessEnv & Environment,
  print: Print,
): Promise<number> {
  const options = { pool: { type: 'string' }, url: { type: 'string' }, hashes: { type: 'string' } } as const
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [file, ...more] = positionals
    const { pool, hashes } = values
    if (pool === undefined || more.length > 0 || (command === 'import' && file === undefined))
      throw new CommandProblem(importUsage)
    const call = await caller(env, values.url)
    if (command === 'export') return await exportUsers(call, pool, file, print)
    return await importUsers(call, pool, file ?? '', hashes, print)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (!(error instanceof CommandProblem) && code === undefined) throw error
    print(`${(error as Error).message.trim()}\n`)
    return code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1
  }
}

async function importUsers(
  call: Call,
  UserPoolId: string,
  file: string,
  algorithm: string | undefined,
  print: Print,
): Promise<number> {
  const handle = await open(file)
  try {
    const created = await call('CreateUserImportJob', {
      UserPoolId,
      JobName: 'cognomen import',
      CloudWatchLogsRoleArn: 'arn:aws:iam::000000000000:role/none',
      ...(algorithm !== undefined && { PasswordHashingAlgorithm: algorithm }),
    })
    const { JobId, PreSignedUrl } = created['UserImportJob'] as { JobId: string; PreSignedUrl: string }
    await upload(handle, PreSignedUrl, print)
    await call('StartUserImportJob', { UserPoolId, JobId })
    for (;;) {
      const { UserImportJob } = await call('DescribeUserImportJob', { UserPoolId, JobId })
      const job = UserImportJob as Record<string, number | string | undefined>
      print(`\r${job['ImportedUsers']} imported, ${job['SkippedUsers']} skipped, ${job['FailedUsers']} failed`)
      if (job['CompletionDate'] === undefined) {
        await setTimeout(POLL_MS)
        continue
      }
      print(`\n${job['Status']}: ${job['CompletionMessage']}\n`)
      if (Number(job['SkippedUsers']) + Number(job['FailedUsers']) > 0)
        await printRefused(call, UserPoolId, JobId, print)
      return job['Status'] === 'Succeeded' && job['FailedUsers'] === 0 ? 0 : 1
    }
  } finally {
    await handle.close()
  }
}

const POLL_MS = 500
const PIECE_BYTES = 8 * 2 ** 20
const TRIES = 5

/** Sends a file piece by piece; one that was lost is sent again. */
async function upload(file: FileHandle, url: string, print: Print): Promise<void> {
  const { size } = await file.stat()
  let failures = 0
  for (let sent = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(PIECE_BYTES, size - sent)), 0, undefined, sent)
    const range = `bytes ${sent}-${sent + bytesRead - 1}/${size}`
    const headers: Record<string, string> = size === 0 ? {} : { 'content-range': range }
    const answer = await fetch(url, { method: 'PUT', body: buffer.subarray(0, bytesRead), headers }).catch(
      () => undefined,
    )
    const status = answer?.status ?? 503
    if (status === 200) return print(`\r${size} of ${size} bytes sent\n`)
    const hasPart = status === 308 || status === 416
    if (answer && !hasPart && status < 500)
      throw new CommandProblem(((await answer.json()) as { message: string }).message)
    if (status === 308) failures = 0
    else if (++failures === TRIES) throw new CommandProblem('The file could not be sent: the server does not answer.')
    else await setTimeout(POLL_MS * failures)
    // What the server has is where to go on.
    const known = answer?.headers.get('range')
    if (hasPart) sent = known ? Number(known.slice('bytes=0-'.length)) + 1 : 0
    print(`\r${sent} of ${size} bytes sent`)
  }
}

async function printRefused(call: Call, UserPoolId: string, JobId: string, print: Print): Promise<void> {
  for (let NextToken: unknown, more = true; more; more = NextToken !== undefined) {
    const page = await call('GetUserImportJobLog', { UserPoolId, JobId, ...(NextToken !== undefined && { NextToken }) })
    for (const line of page['Lines'] as string[]) if (!line.startsWith('[SUCCEEDED]')) print(`${line}\n`)
    NextToken = page['NextToken']
  }
}

interface ListedUser {
  Username: string
  Attributes?: { Name: string; Value?: string }[]
  UserMFASettingList?: string[]
}

/** Writes a file that `import` takes, without passwords. */
async function exportUsers(call: Call, UserPoolId: string, file: string | undefined, print: Print): Promise<number> {
  const columns = (await call('GetCSVHeader', { UserPoolId }))['CSVHeader'] as string[]
  const out = file === undefined ? process.stdout : createWriteStream(file, { mode: 0o600 })
  const failed = new Promise<never>((_resolve, reject) => void out.once('error', reject))
  failed.catch(() => undefined)
  const write = async (text: string): Promise<void> => {
    if (!out.write(text))
      await Promise.race([new Promise<void>((resolve) => void out.once('drain', () => resolve())), failed])
  }
  await write(`${columns.join(',')}\n`)
  let count = 0
  for (let token: unknown, more = true; more; more = token !== undefined) {
    const page = await call('ListUsers', { UserPoolId, ...(token !== undefined && { PaginationToken: token }) })
    for (const user of page['Users'] as ListedUser[]) {
      await write(`${columns.map((column) => csvField(columnOf(user, column))).join(',')}\n`)
      count++
    }
    token = page['PaginationToken']
    if (file !== undefined) print(`\r${count} users`)
  }
  if (file !== undefined) {
    await Promise.race([new Promise<void>((resolve) => out.end(() => resolve())), failed])
    print('\n')
  }
  return 0
}

function columnOf({ Username, Attributes = [] }: ListedUser, column: string): string {
  const valueOfAttribute = (name: string) => Attributes.find(({ Name }) => Name === name)?.Value
  if (column === 'cognito:mfa_enabled') return 'false'
  if (column !== 'cognito:username') return valueOfAttribute(column) ?? ''
  // Where the username is the sub, users are known by their addresses.
  if (Username !== valueOfAttribute('sub')) return Username
  return valueOfAttribute('email') ?? valueOfAttribute('phone_number') ?? Username
}

/** Line breaks become spaces, as a row of an import is a line. */
const csvField = (value: string): string => {
  const line = value.replaceAll(/\s*[\r\n]+\s*/g, ' ')
  return /[",\\]|^\s|\s$/.test(line) ? `"${line.replaceAll('"', '""')}"` : line
}

/** Calls of a server's user pools, signed with the administrator's key. */
async function caller(env: NodeJS.ProcessEnv, given: string | undefined): Promise<Call> {
  const {
    HOST = variables.HOST.default,
    PORT = variables.PORT.default,
    AWS_REGION = variables.AWS_REGION.default,
  } = env
  const url = new URL(given ?? `http://${HOST}:${PORT}`)
  const credentials = await administratorOf(env)
  return async (operation, input) => {
    const body = JSON.stringify(input)
    const headers = [
      ['host', url.host],
      ['content-type', 'application/x-amz-json-1.1'],
      ['x-amz-target', `AWSCognitoIdentityProviderService.${operation}`],
    ] as const
    const request = { method: 'POST', rawPath: '/', rawQuery: '', headers, body }
    const signed = signRequest(request, credentials, { region: AWS_REGION, service: 'cognito-idp' }, Date.now())
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers: signed.map(([name, value]) => [name, value]),
    }).catch(() => {
      throw new CommandProblem(`No server answers at ${url.origin}. Name it with --url.`)
    })
    const json = (await answer.json()) as Json
    if (answer.status !== 200) throw new CommandProblem(`${operation}: ${json['message'] ?? json['__type']}`)
    return json
  }
}

async function administratorOf(env: NodeJS.ProcessEnv): Promise<{ accessKeyId: string; secretAccessKey: string }> {
  const { COGNOMEN_ACCESS_KEY_ID: accessKeyId, COGNOMEN_SECRET_ACCESS_KEY: secretAccessKey } = env
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey }
  const file = join(env['DATA_DIR'] ?? variables.DATA_DIR.default, 'credentials')
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CommandProblem(
      `There is no key: set COGNOMEN_ACCESS_KEY_ID and COGNOMEN_SECRET_ACCESS_KEY, or DATA_DIR (${file}).`,
    )
  })
  const keyOf = (name: string): string => new RegExp(`^\\s*${name}\\s*=\\s*(\\S+)`, 'm').exec(text)?.[1] ?? ''
  return { accessKeyId: keyOf('aws_access_key_id'), secretAccessKey: keyOf('aws_secret_access_key') }
}
