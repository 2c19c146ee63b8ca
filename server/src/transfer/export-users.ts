// `cognomen export`: the users of a pool as a file that `cognomen import` takes, and their groups (docs/import.md).
import { open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import type { Call } from './caller.ts'
import { groupLines, type MemberLine } from './groups-file.ts'
import { type Output, startProgress } from './output.ts'

export interface ExportOptions {
  readonly pool: string
  /** Undefined for standard output. */
  readonly file: string | undefined
  /** Whether password hashes are written. */
  readonly hashes: boolean
  readonly groups: string | undefined
}

interface ExportedUser {
  Username: string
  Attributes: { Name: string; Value?: string }[]
  Enabled: boolean
  UserStatus: string
  MfaEnabled: boolean
  Groups: string[]
  PasswordHash?: string
}

/** Users who sign in by an identity provider alone are left out: they come back by themselves. */
export async function exportUsers(call: Call, options: ExportOptions, output: Output): Promise<number> {
  const { pool: UserPoolId, file, hashes } = options
  const header = (await call('GetCSVHeader', { UserPoolId }))['CSVHeader'] as string[]
  const columns = hashes ? [...header, 'cognito:password_hash'] : header
  const total = await usersOf(call, UserPoolId)
  const users = await openText(file)
  const groups = options.groups === undefined ? undefined : await openText(options.groups)
  const progress = startProgress(output, 'users')
  const counts = { written: 0, leftOut: 0, disabled: 0 }
  await users.write(`${columns.join(',')}\n`)
  if (groups) for await (const line of groupLines(call, UserPoolId)) await groups.write(`${JSON.stringify(line)}\n`)
  for (let NextToken: unknown, more = true; more; more = NextToken !== undefined) {
    const more = { PasswordHashes: hashes, ...(NextToken !== undefined && { NextToken }) }
    const page = await call('ExportUsers', { UserPoolId, ...more })
    let [rows, lines] = ['', '']
    for (const user of page['Users'] as ExportedUser[]) {
      if (user.UserStatus === 'EXTERNAL_PROVIDER') {
        counts.leftOut++
        continue
      }
      rows += `${columns.map((column) => csvField(columnOf(user, column))).join(',')}\n`
      counts.written++
      if (!user.Enabled) counts.disabled++
      if (user.Groups.length > 0 || !user.Enabled) lines += `${JSON.stringify(memberLine(user))}\n`
    }
    await users.write(rows)
    await groups?.write(lines)
    NextToken = page['NextToken']
    progress.show(counts.written, total)
  }
  await users.end()
  await groups?.end()
  progress.end(counts.written, 0)
  if (counts.leftOut > 0) output.print(`${counts.leftOut} users of identity providers are left out.\n`)
  if (counts.disabled > 0 && !groups)
    output.print(`${counts.disabled} of them are disabled, which --groups writes: without it an import enables them.\n`)
  return 0
}

async function usersOf(call: Call, UserPoolId: string): Promise<number> {
  const { UserPool } = await call('DescribeUserPool', { UserPoolId })
  return (UserPool as { EstimatedNumberOfUsers?: number }).EstimatedNumberOfUsers ?? 0
}

const memberLine = (user: ExportedUser): MemberLine => ({
  user: nameOf(user),
  groups: user.Groups,
  ...(!user.Enabled && { enabled: false }),
})

const attributeOf = ({ Attributes }: ExportedUser, name: string): string | undefined =>
  Attributes.find(({ Name }) => Name === name)?.Value

/** Where the username is the sub, users are known by their addresses. */
const nameOf = (user: ExportedUser): string =>
  user.Username !== attributeOf(user, 'sub')
    ? user.Username
    : (attributeOf(user, 'email') ?? attributeOf(user, 'phone_number') ?? user.Username)

function columnOf(user: ExportedUser, column: string): string {
  if (column === 'cognito:username') return nameOf(user)
  if (column === 'cognito:mfa_enabled') return String(user.MfaEnabled)
  if (column === 'cognito:password_hash') return user.PasswordHash ?? ''
  return attributeOf(user, column) ?? ''
}

/** Line breaks become spaces, as a row of an import is a line. */
const csvField = (value: string): string => {
  const line = value.replaceAll(/\s*[\r\n]+\s*/g, ' ')
  return /[",\\]|^\s|\s$/.test(line) ? `"${line.replaceAll('"', '""')}"` : line
}

/** A file that its owner alone may read, or standard output, written no faster than it takes. */
async function openText(file: string | undefined) {
  const handle = file === undefined ? undefined : await open(file, 'w', 0o600)
  // One that was there before may have been open to others.
  await handle?.chmod(0o600)
  const out: Writable = handle ? handle.createWriteStream() : process.stdout
  const failed = new Promise<never>((_resolve, reject) => void out.once('error', reject))
  failed.catch(() => undefined)
  const settled = (done: Promise<void>): Promise<void> => Promise.race([done, failed])
  return {
    async write(text: string): Promise<void> {
      if (text !== '' && !out.write(text))
        await settled(new Promise((resolve) => void out.once('drain', () => resolve())))
    },
    async end(): Promise<void> {
      if (handle) await settled(new Promise((resolve) => out.end(() => resolve())))
    },
  }
}
