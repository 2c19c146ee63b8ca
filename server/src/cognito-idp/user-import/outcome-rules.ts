// What becomes of the rows of a step, in their order: imported, skipped or failed, with the lines of the log. Pure.
// docs/reference/user-pools.md 16; docs/behaviour/user-import.md.
import type { UserImportJobStatusType } from '../../contract/cognito-idp.types.ts'
import { hasUsernameAttributes, type UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { NamedUser } from '../users/user-bulk-store.ts'
import { nameTakenMessage } from '../users/user-name-rules.ts'
import { type LogEntry, succeeded } from './log-rules.ts'
import type { ReadRows, Row } from './read-rows.ts'

export interface Counts {
  readonly imported: number
  readonly skipped: number
  readonly failed: number
}

/** How a job ends, with its CompletionMessage. */
export interface End {
  readonly status: UserImportJobStatusType
  readonly message: string
}

export const STOPPED: End = { status: 'Stopped', message: 'The Import Job was stopped by the developer.' }
export const EXPIRED: End = { status: 'Expired', message: 'The user import job has expired.' }
export const UNREADABLE: End = { status: 'Failed', message: 'The file cannot be read: import it by another job.' }
const SUCCEEDED: End = { status: 'Succeeded', message: 'Import Job Completed Successfully.' }
const TOO_MANY_REFUSED: End = {
  status: 'Failed',
  message: 'Too many users have failed or been skipped during the import.',
}

export interface Bounds {
  readonly maxUsers: number
  /** 0: none. */
  readonly maxRefused: number
}

export interface Outcome {
  readonly users: readonly NamedUser[]
  readonly counts: Counts
  readonly log: readonly LogEntry[]
  /** Undefined when the job goes on. */
  readonly end: End | undefined
}

/** `before`: counts of the job so far; `taken`: keys of names that others hold. */
export function outcomeOf(
  settings: UserPoolSettings,
  { rows, atEnd, fileProblem }: Pick<ReadRows, 'rows' | 'atEnd' | 'fileProblem'>,
  taken: ReadonlySet<string>,
  before: Counts,
  { maxUsers, maxRefused }: Bounds,
): Outcome {
  const held = new Set(taken)
  const users: NamedUser[] = []
  const log: LogEntry[] = []
  let { imported, skipped, failed } = before
  let end: End | undefined
  for (const row of rows) {
    if (imported + skipped + failed === maxUsers) {
      end = { status: 'Failed', message: `The file has more than ${maxUsers} users.` }
      break
    }
    const refusal = refusalOf(settings, row, held)
    if ('named' in row && !refusal) {
      for (const { key } of row.named.names) held.add(key)
      users.push(row.named)
      imported++
      log.push(succeeded(row.line))
      continue
    }
    if (!refusal) continue
    log.push({ line: row.line, ...refusal })
    if (refusal.word === 'SKIPPED') skipped++
    else failed++
    if (maxRefused > 0 && skipped + failed > maxRefused) {
      end = TOO_MANY_REFUSED
      break
    }
  }
  const whole: End | undefined =
    fileProblem === undefined ? (atEnd ? SUCCEEDED : undefined) : { status: 'Failed', message: fileProblem }
  return { users, counts: { imported, skipped, failed }, log, end: end ?? whole }
}

function refusalOf(
  settings: UserPoolSettings,
  row: Row,
  held: ReadonlySet<string>,
): Omit<LogEntry, 'line'> | undefined {
  if ('problem' in row) return { word: 'FAILED', text: row.problem }
  const name = row.named.names.find(({ key }) => held.has(key))
  if (!name) return undefined
  // In pools with username attributes an address or number is the name.
  return name.kind === 'username' || hasUsernameAttributes(settings)
    ? { word: 'SKIPPED', text: 'The user already exists.' }
    : { word: 'FAILED', text: nameTakenMessage(name.kind) }
}
