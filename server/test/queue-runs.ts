// Runs the jobs of a queue without a worker, step by step: for tests of what becomes of them.
import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import type { Context } from '../src/context.ts'
import { LEASE_MS } from '../src/jobs/back-off-rules.ts'
import { claimJob, findDueJobs, insertJob, type Job } from '../src/jobs/job-store.ts'
import { type HeldLease, holdLease } from '../src/jobs/lease.ts'
import type { Queue } from '../src/jobs/queue.ts'

type Parts = Pick<Context, 'database' | 'clock'>

const log = pino({ level: 'silent' })

/** Claims the job that is due first, as a process would; undefined when none is. Let its lease go in the end. */
export async function claimDue(
  { database, clock }: Parts,
  queue: Pick<Queue, 'name'>,
  stopping = new AbortController().signal,
): Promise<{ job: Job; lease: HeldLease } | undefined> {
  const [due] = await findDueJobs(database.db, queue.name, clock.now(), 1)
  if (!due) return undefined
  const lease = randomUUID()
  if (!(await claimJob(database.db, due, lease, clock.now() + LEASE_MS))) throw new Error('Another claimed the job.')
  const job = { ...due, lease, attempts: due.attempts + 1 }
  return { job, lease: holdLease({ database, clock, log }, job, LEASE_MS, stopping) }
}

/** Runs what is due in a queue until nothing is. With `steps` it stops after as many, as a server that stops does. */
export async function runDue(parts: Parts, queue: Queue, steps = Number.POSITIVE_INFINITY): Promise<void> {
  const now = parts.clock.now()
  const { name, standing: owner } = queue
  if (owner !== undefined)
    await insertJob(parts.database.db, { owner, id: name, queue: name, payload: '', created_at: now, due_at: now })
  const stopping = new AbortController()
  for (let taken = 0; !stopping.signal.aborted; ) {
    const claim = await claimDue(parts, queue, stopping.signal)
    if (!claim) return
    const advance: HeldLease['advance'] = async (db, payload) => {
      await claim.lease.advance(db, payload)
      if (++taken >= steps) stopping.abort()
    }
    await queue.run(claim.job, { ...claim.lease, advance }).finally(claim.lease.release)
  }
}
