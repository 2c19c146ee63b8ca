// What a CSV of users has no column for, as lines of JSON: groups, who is in them, and who is disabled (docs/import.md).
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type Call, CommandProblem, type Json } from './caller.ts'
import { type Output, startProgress } from './output.ts'

export interface GroupLine {
  readonly group: string
  readonly description?: string
  readonly precedence?: number
  readonly roleArn?: string
}

export interface MemberLine {
  /** As in the column cognito:username. */
  readonly user: string
  readonly groups: readonly string[]
  /** False alone is written. */
  readonly enabled?: false
}

/** The lines of all groups of a pool. */
export async function* groupLines(call: Call, UserPoolId: string): AsyncGenerator<GroupLine> {
  for (let NextToken: unknown, more = true; more; more = NextToken !== undefined) {
    const page = await call('ListGroups', { UserPoolId, ...(NextToken !== undefined && { NextToken }) })
    for (const { GroupName, Description, Precedence, RoleArn } of page['Groups'] as GroupType[])
      yield {
        group: GroupName,
        ...(Description !== undefined && { description: Description }),
        ...(Precedence !== undefined && { precedence: Precedence }),
        ...(RoleArn !== undefined && { roleArn: RoleArn }),
      }
    NextToken = page['NextToken']
  }
}

interface GroupType {
  GroupName: string
  Description?: string
  Precedence?: number
  RoleArn?: string
}

const AT_ONCE = 8

/** Does what the lines of a file say. Resolves with how many were refused; each is printed. */
export async function applyGroups(call: Call, pool: string, file: string, output: Output): Promise<number> {
  const progress = startProgress(output, 'lines of groups')
  const refusals: string[] = []
  const running = new Set<Promise<void>>()
  let line = 0
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    line++
    if (text.trim() === '') continue
    const parsed = lineOf(text, line)
    // Groups come first, and are there before their members come.
    const most = 'group' in parsed ? 1 : AT_ONCE
    const work = apply(call, pool, parsed, refusals).finally(() => running.delete(work))
    running.add(work)
    work.catch(() => undefined)
    while (running.size >= most) await Promise.race(running)
    progress.show(line, 0)
  }
  await Promise.all(running)
  progress.end(line, 0)
  for (const refusal of refusals) output.print(`${refusal}\n`)
  return refusals.length
}

function lineOf(text: string, line: number): GroupLine | MemberLine {
  let value: Partial<GroupLine & MemberLine> | undefined
  try {
    value = JSON.parse(text) as Partial<GroupLine & MemberLine>
  } catch {}
  if (typeof value?.group === 'string') return value as GroupLine
  if (typeof value?.user === 'string' && Array.isArray(value.groups)) return value as MemberLine
  throw new CommandProblem(`Line ${line} of the groups is neither {"group": …} nor {"user": …, "groups": […]}.`)
}

/** A group that is there already stays as it is. */
async function apply(call: Call, UserPoolId: string, line: GroupLine | MemberLine, refusals: string[]): Promise<void> {
  const attempt = async (what: string, operation: string, input: Json): Promise<void> => {
    try {
      await call(operation, { UserPoolId, ...input })
    } catch (error) {
      if (!(error instanceof CommandProblem) || error.type === undefined) throw error
      if (error.type !== 'GroupExistsException') refusals.push(`${what}: ${error.message}`)
    }
  }
  if ('group' in line) {
    const { group, description: Description, precedence: Precedence, roleArn: RoleArn } = line
    return attempt(group, 'CreateGroup', { GroupName: group, Description, Precedence, RoleArn })
  }
  const { user: Username, groups, enabled } = line
  // Disabled first: nobody signs in meanwhile.
  if (enabled === false) await attempt(Username, 'AdminDisableUser', { Username })
  for (const GroupName of groups) await attempt(Username, 'AdminAddUserToGroup', { Username, GroupName })
}
