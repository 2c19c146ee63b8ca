// The next rows of an import's file, each as a new user or the reason why there is none. Nothing is written here.
import { isUtf8 } from 'node:buffer'
import { setImmediate } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import { uuidsOfOnePlace } from '../../effects/uuid.ts'
import { limits } from '../limits.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { sealedHash } from '../users/credentials.ts'
import { newUser } from '../users/new-user.ts'
import { type NamedUser, withNames } from '../users/user-bulk-store.ts'
import { fieldsOf } from './csv-line-rules.ts'
import { readLines } from './csv-lines.ts'
import { headerProblem } from './header-rules.ts'
import type { ImportJob } from './import-store.ts'
import { userOfRow } from './row-rules.ts'

/** How far a job has got: the position in the file, the number of the line before it, and the columns once read. */
export interface Cursor {
  readonly position: number
  readonly line: number
  readonly columns?: readonly string[]
}

/** A row with the number of its line; the header is line 1. */
export type Row = { readonly line: number } & ({ readonly named: NamedUser } | { readonly problem: string })

export interface ReadRows {
  readonly rows: readonly Row[]
  /** After these rows. */
  readonly cursor: Cursor
  /** The rows are the last ones. */
  readonly atEnd: boolean
  /** Why the whole file cannot be imported. */
  readonly fileProblem?: string
}

type Read = (position: number) => Promise<Buffer | undefined>
type Parts = Pick<Context, 'clock' | 'random' | 'sealer' | 'config'>

/** Work after which others have their turn, in blank lines: 32 rows. */
const WORK_AT_ONCE = 4096
const ROW_WORK = 128

/** Rows after `cursor`: as many as a step has (limits.importStep, limits.importStepBytes). */
export async function readRows(
  context: Parts,
  pool: UserPool,
  job: Pick<ImportJob, 'algorithm'>,
  read: Read,
  cursor: Cursor,
): Promise<ReadRows> {
  const rows: Row[] = []
  const newSub = uuidsOfOnePlace(context.random)
  let work = 0
  let { position, line, columns } = cursor
  for await (const { bytes, end } of readLines(read, position)) {
    position = end
    line++
    const text = textOf(bytes, line === 1)
    if (columns === undefined) {
      const read = typeof text === 'string' ? fieldsOf(text) : text
      const problem = 'problem' in read ? read.problem : headerProblem(pool.settings, job.algorithm, read.fields)
      if (problem !== undefined) return { rows, cursor, atEnd: true, fileProblem: problem }
      columns = 'fields' in read ? read.fields : []
    } else if (text !== '') {
      rows.push(rowOf(context, pool, job, columns, newSub(), line, text))
      work += ROW_WORK
    }
    if (rows.length === limits.importStep.max || position - cursor.position >= limits.importStepBytes.max)
      return { rows, cursor: { position, line, columns }, atEnd: false }
    if (++work < WORK_AT_ONCE) continue
    work = 0
    await setImmediate()
  }
  const fileProblem = columns === undefined ? { fileProblem: 'The file is empty.' } : {}
  return { rows, cursor: { position, line, ...(columns && { columns }) }, atEnd: true, ...fileProblem }
}

function rowOf(
  context: Parts,
  pool: UserPool,
  { algorithm }: Pick<ImportJob, 'algorithm'>,
  columns: readonly string[],
  sub: string,
  line: number,
  text: string | { problem: string },
): Row {
  const read = typeof text === 'string' ? fieldsOf(text) : text
  if ('problem' in read) return { line, problem: read.problem }
  const accepted = algorithm && { algorithm, foreign: context.config.importForeignHashes }
  const user = userOfRow(pool.settings, accepted, sub, columns, read.fields)
  if (typeof user === 'string') return { line, problem: user }
  const { hash, username, status, attributes, mfa } = user
  const owner = { sub, userPoolId: pool.id }
  const now = context.clock.now()
  const credential = hash === undefined ? '' : sealedHash(context, owner, hash)
  const change = { credential, credentialSetAt: now, credentialHistory: '' }
  return { line, named: withNames(pool, { ...newUser({ ...owner, username, status, attributes }, now, change), mfa }) }
}

const UTF16 = /^(?:\xff\xfe|\xfe\xff)/

/** The text of a line, without the byte order mark that spreadsheets put before the first. */
function textOf(bytes: Buffer | undefined, isFirst: boolean): string | { problem: string } {
  const tooLong = { problem: `The row is longer than ${limits.importRow.max} characters.` }
  if (!bytes) return tooLong
  if (isFirst && UTF16.test(bytes.subarray(0, 2).toString('latin1')))
    return { problem: 'The file is in UTF-16: save it in UTF-8.' }
  if (!isUtf8(bytes)) return { problem: 'The row is not in UTF-8.' }
  const whole = bytes.toString('utf8')
  const text = (isFirst && whole.startsWith('\ufeff') ? whole.slice(1) : whole).trim()
  if (text.length > limits.importRow.max) return tooLong
  if (isFirst && text.includes('\r'))
    return { problem: 'The lines of the file end with CR alone: save it with LF or CRLF.' }
  return text.includes('\0') ? { problem: 'The row has a NUL character.' } : text
}
