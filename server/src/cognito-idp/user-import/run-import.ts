// Runs import jobs (docs/decisions/jobs.md): step by step through the file. A step is one transaction, which writes the
// users of some rows, the counts, the log, and how far the job has got; so a killed process loses no row and doubles none,
// and any process goes on from there. Stopping is a state that each step compares.
import { setTimeout } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import { withRetries } from '../../database/compare-and-set.ts'
import { userImport } from '../../events.ts'
import type { Lease, Queue } from '../../jobs/queue.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { findTakenKeys, insertUsers } from '../users/user-bulk-store.ts'
import { addToUserCount } from '../users/user-count-store.ts'
import { insertLog, removeParts } from './file-store.ts'
import { fileReader, UnreadableFile } from './import-file.ts'
import { USER_IMPORT } from './import-jobs.ts'
import { changeImportJob, findImportJob, type ImportJob } from './import-store.ts'
import { packedLog } from './log-rules.ts'
import { type Counts, type End, type Outcome, outcomeOf, STOPPED, UNREADABLE } from './outcome-rules.ts'
import { type Cursor, type ReadRows, readRows } from './read-rows.ts'

type Parts = Pick<
  Context,
  'database' | 'db' | 'clock' | 'random' | 'sealer' | 'config' | 'userPools' | 'log' | 'metrics'
>

/** Between steps, so that on SQLite other writers get their turn. */
const PAUSE_MS = 2
const PROGRESS_MS = 10_000

/** The queue of started jobs. A process works on one at a time; others wait, Pending. */
export const userImports = (context: Parts): Queue => ({
  name: USER_IMPORT,
  slots: 1,
  async run(job, lease) {
    const { poolId, ...begun } = JSON.parse(job.payload) as Cursor & { poolId: string }
    let cursor: Cursor = begun
    const state = () => findImportJob(context.db, poolId, job.owner)
    let read: ReturnType<typeof fileReader> | undefined
    let ahead: Promise<ReadRows> | undefined
    let toldAt = context.clock.now()
    for (let stored = await state(); stored; stored = await state()) {
      const pool = await context.userPools.pool(poolId)
      if (!pool || stored.completedAt !== undefined) {
        await removeParts(context.db, stored)
        return lease.finish()
      }
      if (lease.stopping.aborted) return lease.repeat(context.clock.now())
      if (stored.status === 'Pending')
        await changeImportJob(context.db, stored, { status: 'Pending' }, { status: 'InProgress' })
      else if (stored.status !== 'InProgress') await end(context, stored, STOPPED)
      else {
        read ??= fileReader(context, stored)
        const rowsFrom = readRows.bind(undefined, context, pool, stored, read)
        const next = await rowsOrEnd(context, stored, ahead ?? rowsFrom(cursor))
        if (!next) continue
        // While PostgreSQL writes these, the ones after them are read.
        ahead = next.atEnd ? undefined : rowsFrom(next.cursor)
        ahead?.catch(() => undefined)
        await write(context, lease, pool, stored, next, cursor)
        cursor = next.cursor
        if (context.clock.now() - toldAt >= PROGRESS_MS) {
          toldAt = context.clock.now()
          tell(context, stored, stored.status, stored)
        }
        await setTimeout(PAUSE_MS)
      }
    }
    // The pool was removed, and the job with it.
    return lease.finish()
  },
})

/** Thrown in the transaction of a step when the job is not in progress any more. */
class NotInProgress extends Error {}

/** The rows; undefined when the file cannot be read, which ends the job. */
async function rowsOrEnd(context: Parts, stored: ImportJob, rows: Promise<ReadRows>): Promise<ReadRows | undefined> {
  try {
    return await rows
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    context.log.error({ err: error, pool: stored.userPoolId, job: stored.id }, 'the file of an import cannot be read')
    await end(context, stored, UNREADABLE)
    return undefined
  }
}

/** Writes what becomes of rows that follow the cursor `from`; nothing when the job was stopped meanwhile. */
async function write(
  context: Parts,
  lease: Lease,
  pool: UserPool,
  stored: ImportJob,
  next: ReadRows,
  from: Cursor,
): Promise<void> {
  const { config, clock } = context
  const named = next.rows.flatMap((row) => ('named' in row ? [row.named] : []))
  const bounds = { maxUsers: config.importMaxUsers, maxRefused: config.importMaxRefusedUsers }
  const payload = JSON.stringify({ poolId: pool.id, ...next.cursor })
  let outcome: Outcome | undefined
  try {
    await withRetries(() =>
      context.database.transaction(async (db) => {
        await lease.advance(db, payload)
        outcome = outcomeOf(pool.settings, next, await findTakenKeys(db, pool, named), stored, bounds)
        const changes = { ...outcome.counts, ...(outcome.end && endColumns(outcome.end, clock.now())) }
        if (!(await changeImportJob(db, stored, { status: 'InProgress' }, changes))) throw new NotInProgress()
        await insertUsers(db, outcome.users)
        if (outcome.log.length > 0) await insertLog(db, stored, from.line + 1, packedLog(outcome.log))
        // Here and not among the deferred counts, so that a killed process loses none of so many; the last statement, as
        // other writers of the row wait for it.
        if (outcome.users.length > 0) await addToUserCount(db, pool.id, outcome.users.length)
      }),
    )
  } catch (error) {
    if (error instanceof NotInProgress) return
    throw error
  }
  if (outcome?.end) tell(context, stored, outcome.end.status, outcome.counts)
}

const endColumns = ({ status, message }: End, now: number) => ({ status, message, completed_at: now })

async function end(context: Parts, stored: ImportJob, how: End): Promise<void> {
  const changed = await changeImportJob(
    context.db,
    stored,
    { status: stored.status },
    endColumns(how, context.clock.now()),
  )
  if (changed) tell(context, stored, how.status, stored)
}

function tell(context: Parts, { userPoolId, id, startedAt = 0 }: ImportJob, status: string, counts: Counts): void {
  const { imported, skipped, failed } = counts
  const seconds = Math.max(1, context.clock.now() - startedAt) / 1000
  const usersPerSecond = Math.round((imported + skipped + failed) / seconds)
  userImport(context, { pool: userPoolId, job: id, status, imported, skipped, failed, usersPerSecond })
}
