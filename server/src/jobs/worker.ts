// The worker of a process: claims due jobs of all queues and runs them. Not here: what a job does (the `run` of its
// queue). docs/decisions/jobs.md.
//
// Any process may run any job. A claim is a compare-and-set: it writes a fresh lease and moves `due_at` to the lease's
// end if the row is unchanged since it was read, so one of several claimants wins and the others no longer see the job.
// Only the holder of the lease may remove, postpone or advance the job. When a process dies, its leases expire and
// other processes take the jobs over: a job runs once, or more than once after a crash.
import { randomInt, randomUUID } from 'node:crypto'
import { DatabaseAway } from '../database/database.ts'
import { LEASE_MS, pauseAfter, STOP_LIMIT_MS } from './back-off-rules.ts'
import { claimJob, findDueJobs, insertJob, type Job, releaseAllJobs } from './job-store.ts'
import { type HeldLease, holdLease, type LeaseParts } from './lease.ts'
import { LeaseLost, type Queue } from './queue.ts'

export interface Worker {
  /** Looks for due jobs of these queues now instead of at the next poll. Call it after jobs were committed. */
  wake(...queues: string[]): void
  /** The names of the queues whose jobs it runs. */
  queues(): readonly string[]
  /** Starts to run the jobs of these queues. */
  start(queues: readonly Queue[]): void
  /** Stops claiming, and waits for running jobs for at most STOP_LIMIT_MS. */
  close(): Promise<void>
}

/** How often a process polls for jobs that other processes queued or that are due again. */
const POLL_MS = 3_000

export interface WorkerParts extends LeaseParts {
  /** Set by tests only. */
  readonly renewEveryMs?: number
}

/** A worker that does nothing before `start`. */
export function createWorker(parts: WorkerParts): Worker {
  const lanes = new Map<string, Lane>()
  const woken = new Set<Lane>()
  let scheduled = false
  const fill = (some: Iterable<Lane>): void => {
    for (const lane of some) woken.add(lane)
    if (scheduled) return
    scheduled = true
    // Deferred, so that the request that called `wake` is answered first.
    setImmediate(() => {
      scheduled = false
      for (const lane of woken) lane.fill()
      woken.clear()
    })
  }
  let poll: NodeJS.Timeout | undefined
  return {
    wake: (...queues) => fill(queues.flatMap((name) => lanes.get(name) ?? [])),
    queues: () => [...lanes.keys()],
    start(queues) {
      for (const queue of queues) lanes.set(queue.name, new Lane(parts, queue))
      poll = setInterval(() => fill(lanes.values()), POLL_MS).unref()
      fill(lanes.values())
    },
    async close() {
      clearInterval(poll)
      await Promise.all([...lanes.values()].map((lane) => lane.close()))
    },
  }
}

/** The jobs of one queue that this process runs. */
class Lane {
  readonly #parts: WorkerParts
  readonly #queue: Queue
  readonly #inFlight = new Set<Promise<void>>()
  #filling: Promise<void> = Promise.resolve()
  #busy = false
  #again = false
  #prepared = false
  readonly #stopping = new AbortController()
  readonly #abandoning = new AbortController()

  constructor(parts: WorkerParts, queue: Queue) {
    this.#parts = parts
    this.#queue = queue
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted
  }

  /** Starts as many jobs as there are due ones and free slots. */
  fill(): void {
    this.#again = true
    if (this.#busy || this.#stopped) return
    this.#busy = true
    this.#filling = this.#claimAll()
  }

  async close(): Promise<void> {
    this.#stopping.abort()
    await this.#filling
    const limit = setTimeout(() => this.#abandoning.abort(), STOP_LIMIT_MS)
    await Promise.all(this.#inFlight)
    clearTimeout(limit)
  }

  async #claimAll(): Promise<void> {
    try {
      if (!this.#prepared) await this.#prepare()
      this.#prepared = true
      while (this.#again && !this.#stopped) {
        this.#again = false
        await this.#claimSome()
      }
    } catch (err) {
      // The absence of the database has its own line of the log.
      if (!(err instanceof DatabaseAway))
        this.#parts.log.error({ err, queue: this.#queue.name }, 'jobs could not be read')
    } finally {
      this.#busy = false
    }
  }

  async #prepare(): Promise<void> {
    const { database, clock } = this.#parts
    const { name: queue, standing: owner } = this.#queue
    const now = clock.now()
    // In a database that only this process has open, all leases are left over from a crashed process.
    if (database.exclusive) await releaseAllJobs(database.db, queue, now)
    if (owner !== undefined)
      await insertJob(database.db, { owner, id: queue, queue, payload: '', created_at: now, due_at: now })
  }

  async #claimSome(): Promise<void> {
    const { database, clock } = this.#parts
    const { name, slots, leaseMs = LEASE_MS } = this.#queue
    const free = slots - this.#inFlight.size
    // When no slot is free, the next job that ends calls `fill` again.
    if (free === 0) return
    const due = await findDueJobs(database.db, name, clock.now(), slots)
    // Start at a random job, as several processes read the same rows and would conflict on the first ones.
    const start = due.length === 0 ? 0 : randomInt(due.length)
    for (const job of [...due.slice(start), ...due.slice(0, start)].slice(0, free)) {
      if (this.#stopped) return
      const lease = randomUUID()
      const claimed = await claimJob(database.db, job, lease, clock.now() + leaseMs)
      if (claimed) this.#start({ ...job, lease, attempts: job.attempts + 1 }, leaseMs)
    }
    if (due.length > 0) this.#again = true
  }

  #start(job: Job, leaseMs: number): void {
    const lease = holdLease(this.#parts, job, leaseMs, this.#stopping.signal, this.#parts.renewEveryMs)
    const running = this.#run(job, lease).finally(() => {
      lease.release()
      const full = this.#inFlight.size === this.#queue.slots
      this.#inFlight.delete(running)
      if (full) this.fill()
    })
    this.#inFlight.add(running)
  }

  /** Runs a job until it has ended or is abandoned. Never rejects. */
  async #run(job: Job, lease: HeldLease): Promise<void> {
    const { signal } = this.#abandoning
    let abandon = (): void => {}
    const abandoned = new Promise<void>((resolve) => {
      abandon = () => {
        lease.release()
        this.#parts.log.warn(lineOf(job), 'job abandoned at the stop; it runs again when its lease expires')
        resolve()
      }
    })
    signal.addEventListener('abort', abandon)
    await Promise.race([this.#attempt(job, lease), abandoned])
    signal.removeEventListener('abort', abandon)
  }

  async #attempt(job: Job, lease: HeldLease): Promise<void> {
    const { log, clock } = this.#parts
    try {
      await this.#queue.run(job, lease)
    } catch (err) {
      // The job was abandoned at the stop: a failure after that is not its own.
      if (!lease.held) return
      if (err instanceof LeaseLost) return log.warn(lineOf(job), 'another process has taken over a job')
      if (!(err instanceof DatabaseAway)) log.error({ ...lineOf(job), err }, 'a job failed')
      const retryAt = clock.now() + pauseAfter(job.attempts, randomInt(2 ** 32) / 2 ** 32)
      // If the database fails here as well, the job runs again when its lease expires.
      await lease.postpone(retryAt).catch((error) => {
        if (!(error instanceof DatabaseAway))
          log.error({ ...lineOf(job), err: error }, 'the outcome of a job was not written')
      })
    }
  }
}

const lineOf = ({ queue, id, attempts }: Job) => ({ queue, jobId: id, attempts })
