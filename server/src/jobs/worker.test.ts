import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterEach, describe, expect, test } from 'vitest'
import { type Engine, engines, TestClock } from '../../test/harness.ts'
import { until } from '../../test/outbox-parts.ts'
import { postgresUrl } from '../../test/postgres.ts'
import { analyze, plansOf, readsInOrder } from '../../test/statement-plans.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/open.ts'
import { LEASE_MS, STOP_LIMIT_MS } from './back-off-rules.ts'
import { claimJob, findDueJobs, insertJob, type Job, removeClaimed, updateClaimed } from './job-store.ts'
import { type Lease, LeaseLost, type Queue } from './queue.ts'
import { createWorker, type Worker } from './worker.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface World {
  readonly database: Database
  readonly clock: TestClock
  readonly lines: Record<string, unknown>[]
  /** Another process on the same database, which runs one queue. */
  process(queue: Partial<Queue>, options?: { renewEveryMs?: number; exclusive?: boolean }): Promise<Worker>
  add(id: string, changes?: Partial<Job>): Promise<void>
  rows(): Promise<Job[]>
}

/** Work that ends when the test ends it. */
function heldWork() {
  const running: { job: Job; lease: Lease }[] = []
  let release = (): void => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  return { running, release, held }
}

async function openWorld(engine: Engine): Promise<World> {
  const url = engine === 'postgres' ? await postgresUrl() : undefined
  const open = async () => {
    const database = await openDatabase(
      url === undefined ? { engine: 'sqlite', path: ':memory:' } : { engine: 'postgres', url, connections: 8 },
      () => {},
    )
    closing.push(database.close)
    return database
  }
  const database = await open()
  const clock = new TestClock()
  const lines: Record<string, unknown>[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(JSON.parse(line)) })
  return {
    database,
    clock,
    lines,
    async process(queue, { exclusive = false, ...options } = {}) {
      // SQLite has one process: the second is a worker of its own on its connection.
      const own = url === undefined ? { ...database, exclusive } : await open()
      const worker = createWorker({ database: own, clock, log, ...options })
      closing.push(worker.close)
      worker.start([{ name: 'work', slots: 1, run: (_job, lease) => lease.finish(), ...queue }])
      return worker
    },
    async add(id, changes = {}) {
      const now = clock.now()
      const job = { owner: 'o', id, queue: 'work', payload: '', created_at: now, due_at: now }
      await insertJob(database.db, { ...job, ...changes })
    },
    rows: () => database.db.selectFrom('jobs').selectAll().orderBy('id').execute(),
  }
}

/** For a process that has lost the database and cannot renew its leases. */
const NEVER = 2 ** 30

const wakeBoth = (workers: readonly Worker[]) => {
  for (const worker of workers) worker.wake('work')
}

describe.each(engines)('jobs on %s', (engine) => {
  test('of conflicting claims on one job one wins, and only its lease can finish the job', async () => {
    const { database, add } = await openWorld(engine)
    const { db } = database
    const now = 1000
    await add('a', { created_at: now, due_at: now })
    const [row] = await findDueJobs(db, 'work', now, 10)
    if (!row) throw new Error('nothing is due')
    const leases = [...Array(10).keys()].map((i) => `lease ${i}`)
    const claims = await Promise.all(leases.map((lease) => claimJob(db, row, lease, now + 60)))
    expect(claims.filter(Boolean)).toHaveLength(1)
    const winner = { ...row, lease: leases[claims.indexOf(true)] as string }

    expect(await findDueJobs(db, 'work', now + 59, 10)).toEqual([])
    const [again] = await findDueJobs(db, 'work', now + 60, 10)
    expect(again).toMatchObject({ attempts: 1, lease: winner.lease, due_at: now + 60 })

    expect(await claimJob(db, row, 'late', now + 99)).toBe(false)
    expect(await claimJob(db, again as Job, 'second', now + 120)).toBe(true)
    const second = { ...row, lease: 'second' }
    const giveBack = { due_at: 5, lease: '' }
    expect(await updateClaimed(db, winner, giveBack)).toBe(false)
    expect(await removeClaimed(db, winner)).toBe(false)
    expect(await updateClaimed(db, second, { ...giveBack, due_at: 500 })).toBe(true)
    expect(await removeClaimed(db, second)).toBe(false)
    expect(await findDueJobs(db, 'work', 500, 10)).toMatchObject([{ attempts: 2, lease: '' }])
    expect(await findDueJobs(db, 'rest', 5000, 10)).toEqual([])
  })

  test('a claim fails when the job was renewed, advanced or postponed since it was read', async () => {
    const { database, add } = await openWorld(engine)
    const { db } = database
    for (const [id, changes] of [
      ['renewed', { due_at: 9000 }],
      ['advanced', { due_at: 9000, attempts: 0 }],
      ['postponed', { due_at: 9000, lease: '', attempts: 0 }],
    ] as const) {
      await add(id, { queue: id, due_at: 1000 })
      const [read] = await findDueJobs(db, id, 2000, 1)
      await claimJob(db, read as Job, 'mine', 3000)
      const [claimed] = await findDueJobs(db, id, 4000, 1)
      await updateClaimed(db, claimed as Job, changes)
      expect([await claimJob(db, read as Job, 'x', 1), await claimJob(db, claimed as Job, 'x', 1)]).toEqual([
        false,
        false,
      ])
    }
  })

  test('two processes share the jobs and run each once', async () => {
    const world = await openWorld(engine)
    const runs: string[] = []
    const queue = (who: string): Partial<Queue> => ({
      slots: 4,
      async run(job, lease) {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
        runs.push(`${who} ${job.id}`)
        return lease.finish()
      },
    })
    const workers = [await world.process(queue('a')), await world.process(queue('b'))]
    for (let i = 0; i < 100; i++) await world.add(`j${i}`)
    wakeBoth(workers)
    await until(async () => (await world.rows()).length === 0)
    expect(runs).toHaveLength(100)
    expect(new Set(runs.map((run) => run.slice(2))).size).toBe(100)
    expect(new Set(runs.map((run) => run[0]))).toEqual(new Set(['a', 'b']))
  })

  test('one process works on a job at a time, for as long as it renews its lease', async () => {
    const world = await openWorld(engine)
    const { running, release, held } = heldWork()
    const run: Queue['run'] = async (job, lease) => {
      running.push({ job, lease })
      await held
      return lease.finish()
    }
    await world.add('a')
    const first = await world.process({ run }, { renewEveryMs: 5 })
    await until(() => running.length === 1)
    const claimed = (await world.rows())[0] as Job
    world.clock.advance(LEASE_MS)
    await until(async () => ((await world.rows())[0]?.due_at ?? 0) >= claimed.due_at + LEASE_MS)
    const second = await world.process({ run })
    wakeBoth([first, second])
    await second.close()
    expect(running).toHaveLength(1)
    release()
    await until(async () => (await world.rows()).length === 0)
  })

  test('an expired lease is taken over, and the first holder can neither finish, postpone nor advance', async () => {
    const world = await openWorld(engine)
    const { database, clock } = world
    const { running, release, held } = heldWork()
    await world.add('a')
    await world.process(
      {
        async run(job, lease) {
          running.push({ job, lease })
          await held
          return lease.finish()
        },
      },
      { renewEveryMs: NEVER },
    )
    await until(() => running.length === 1)
    clock.advance(LEASE_MS + 1)
    const taken = heldWork()
    const second = await world.process({
      async run(job, lease) {
        taken.running.push({ job, lease })
        await taken.held
        return lease.finish()
      },
    })
    await until(() => taken.running.length === 1)
    const before = await world.rows()
    expect(before).toMatchObject([{ id: 'a', attempts: 2 }])
    const late = running[0]?.lease as Lease
    expect(await late.postpone(clock.now(), 'mine')).toBe('lost')
    const advancing = database.transaction(async (db) => {
      await insertJob(db, { ...(before[0] as Job), id: 'trace' })
      await late.advance(db, 'mine')
    })
    await expect(advancing).rejects.toBeInstanceOf(LeaseLost)
    expect(await late.finish()).toBe('lost')
    release()
    expect(await world.rows()).toEqual(before)
    taken.release()
    await until(async () => (await world.rows()).length === 0)
    await second.close()
  })

  test('a failing job is retried with growing back-off, which starts anew when it advances', async () => {
    const world = await openWorld(engine)
    const { database, clock } = world
    clock.freeze()
    let runs = 0
    const worker = await world.process({
      async run(_job, lease) {
        if (++runs === 3) await database.transaction((db) => lease.advance(db, 'further'))
        if (runs < 5) throw new Error('broken')
        return lease.finish()
      },
    })
    await world.add('a')
    worker.wake('work')
    const pauses: number[] = []
    for (let run = 1; run < 5; run++) {
      await until(async () => runs === run && (await world.rows())[0]?.lease === '')
      const [job] = await world.rows()
      pauses.push((job?.due_at ?? 0) - clock.now())
      expect(job).toMatchObject({ attempts: [1, 2, 0, 1][run - 1], payload: run < 3 ? '' : 'further' })
      clock.advance(60 * 60 * 1000)
      worker.wake('work')
    }
    await until(async () => (await world.rows()).length === 0)
    const [first = 0, second = 0] = pauses
    expect(first).toBeGreaterThan(2_000)
    expect(first).toBeLessThan(6_300)
    expect(second).toBeGreaterThan(6_500)
    expect(second).toBeLessThan(12_600)
    expect(world.lines.filter(({ msg }) => msg === 'a job failed')).toMatchObject(
      [1, 2, 3, 1].map((attempts) => ({ attempts, queue: 'work', jobId: 'a' })),
    )
  })

  test('a job that repeats after a run without failure starts again with no attempts counted', async () => {
    const world = await openWorld(engine)
    let runs = 0
    const worker = await world.process({
      async run(_job, lease) {
        if (++runs < 3) throw new Error('broken')
        return lease.repeat(world.clock.now() + 60_000)
      },
    })
    await world.add('a')
    worker.wake('work')
    for (const [run, attempts] of [1, 2, 0].entries()) {
      await until(async () => runs === run + 1 && (await world.rows())[0]?.lease === '')
      expect(await world.rows()).toMatchObject([{ attempts }])
      if (attempts > 0) world.clock.advance(60 * 60 * 1000)
      if (attempts > 0) worker.wake('work')
    }
  })

  test('a job that one process postponed at its stop is continued by the next', async () => {
    const world = await openWorld(engine)
    const payloads: string[] = []
    const run: Queue['run'] = async (job, lease) => {
      payloads.push(job.payload)
      if (job.payload === 'half') return lease.finish()
      await new Promise((resolve) => lease.stopping.addEventListener('abort', resolve))
      return lease.postpone(world.clock.now(), 'half')
    }
    await world.add('a')
    const first = await world.process({ run })
    await until(() => payloads.length === 1)
    await first.close()
    expect(await world.rows()).toMatchObject([{ payload: 'half', lease: '' }])
    await world.process({ run })
    await until(async () => (await world.rows()).length === 0)
    expect(payloads).toEqual(['', 'half'])
  })

  test('a stop waits some seconds for running jobs, and abandons the rest', async () => {
    const world = await openWorld(engine)
    const { running, release, held } = heldWork()
    const outcomes: unknown[] = []
    await world.add('a')
    const worker = await world.process(
      {
        async run(job, lease) {
          running.push({ job, lease })
          await held
          outcomes.push(await lease.finish())
          throw new Error('the database is closed')
        },
      },
      { renewEveryMs: NEVER },
    )
    await until(() => running.length === 1)
    const before = await world.rows()
    const startedAt = performance.now()
    await worker.close()
    expect(performance.now() - startedAt).toBeGreaterThan(STOP_LIMIT_MS - 100)
    release()
    await until(() => outcomes.length === 1)
    expect(outcomes).toEqual(['lost'])
    expect(await world.rows()).toEqual(before)
    expect(world.lines).toMatchObject([
      { msg: 'job abandoned at the stop; it runs again when its lease expires', queue: 'work', jobId: 'a' },
    ])
  }, 15_000)

  test('a standing job is created at the start, once for all processes', async () => {
    const world = await openWorld(engine)
    const runs: string[] = []
    const run: Queue['run'] = async (job, lease) => {
      runs.push(job.owner)
      return lease.postpone(world.clock.now() + 60_000)
    }
    const workers = [await world.process({ standing: 'us', run }), await world.process({ standing: 'us', run })]
    await until(() => runs.length === 1)
    await until(async () => (await world.rows())[0]?.lease === '')
    world.clock.advance(60_001)
    wakeBoth(workers)
    await until(() => runs.length === 2)
    await until(async () => (await world.rows())[0]?.lease === '')
    expect(runs).toEqual(['us', 'us'])
    expect(await world.rows()).toHaveLength(1)
  })

  test('due jobs are read from one range of the index, in its order', async () => {
    const { database, add } = await openWorld(engine)
    for (let i = 0; i < 200; i++) await add(randomUUID(), { owner: randomUUID(), queue: i % 2 ? 'work' : 'rest' })
    await analyze(database)
    const plans = await plansOf(database, (db) => findDueJobs(db, 'work', 1e15, 5))
    expect(plans.map(readsInOrder)).toEqual([true])
    expect(plans.join()).toContain('jobs_by_queue')
  })
})

test('the start ends all leases in a database that no other process can have open', async () => {
  const world = await openWorld('sqlite')
  await world.add('a', { due_at: 0 })
  await claimJob(
    world.database.db,
    (await world.rows())[0] as Job,
    'of a process that is gone',
    world.clock.now() + LEASE_MS,
  )
  const shared = await world.process({})
  await shared.close()
  expect(await world.rows()).toHaveLength(1)
  await world.process({}, { exclusive: true })
  await until(async () => (await world.rows()).length === 0)
})
