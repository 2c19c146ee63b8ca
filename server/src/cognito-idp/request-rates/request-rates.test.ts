import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statementsOf } from '../../../test/executed-statements.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import type { Database } from '../../database/database.ts'
import { openDatabase } from '../../database/open.ts'
import { type Rate, rateOf } from './category-rules.ts'
import { putLimit } from './provisioned-limit-store.ts'
import { createRequestRates, type RequestRates } from './request-rates.ts'

const SECOND = 1000
const rate = (operation: string): Rate => rateOf(operation) as Rate

/** How many of so many requests at once, spread over processes, are let through. */
const admitted = async (
  processes: readonly RequestRates[],
  requests: number,
  of = rate('ListUsers'),
): Promise<number> =>
  (await Promise.all(Array.from({ length: requests }, (_, i) => processes[i % processes.length]?.admit(of)))).filter(
    Boolean,
  ).length

describe('rates of processes that share a database (PostgreSQL)', () => {
  const at = { now: 20_000 * SECOND }
  let databases: Database[]
  let processes: RequestRates[]
  /** Of the process whose clock is ahead. */
  let ahead = 0
  beforeAll(async () => {
    const settings = { engine: 'postgres', url: await postgresUrl(), connections: 4 } as const
    databases = await Promise.all([0, 1].map(() => openDatabase(settings, () => undefined)))
    processes = databases.map((database, i) =>
      createRequestRates(database, { now: () => at.now + (i === 0 ? 0 : ahead) }),
    )
    await putLimit((databases[0] as Database).db, 'UserList', 100)
  })
  afterAll(() => Promise.all(databases.map((database) => database.close())))

  it('let exactly so many through as one would', async () => {
    expect(await admitted(processes, 300)).toBe(100)
    expect(await admitted(processes, 10)).toBe(0)
    at.now += SECOND
    expect(await admitted(processes, 300)).toBe(100)
  })

  it('hold when clocks differ', async () => {
    at.now += 10 * SECOND
    ahead = 2 * SECOND
    // Both count in the second of the one ahead.
    expect(await admitted(processes.slice(1), 300)).toBe(100)
    expect(await admitted(processes.slice(0, 1), 300)).toBe(0)
    ahead = 0
  })

  it('start anew when a clock was set back by more', async () => {
    at.now += 1000 * SECOND
    expect(await admitted(processes, 300)).toBe(100)
    at.now -= 900 * SECOND
    expect(await admitted(processes, 300)).toBe(100)
  })

  it('cost a statement for each share of a second, not for each request, and none once they are used up', async () => {
    at.now += 10 * SECOND
    const [one] = processes as [RequestRates]
    // Reads the limits.
    await one.admit(rate('ListUsers'))
    const used = await statementsOf(() => admitted([one], 99))
    expect(used.length).toBeLessThanOrEqual(20)
    expect(await admitted([one], 1)).toBe(0)
    expect(await statementsOf(() => admitted([one], 500))).toEqual([])
  })

  it('cost nothing where no limit is set', async () => {
    const [one] = processes as [RequestRates]
    await one.admit(rate('GetUser'))
    expect(await statementsOf(() => admitted([one], 500, rate('GetUser')))).toEqual([])
  })

  it('see a limit that another process has set within a second', async () => {
    const [one] = processes as [RequestRates]
    await one.admit(rate('InitiateAuth'))
    await putLimit((databases[1] as Database).db, 'UserAuthentication', 3)
    at.now += SECOND
    expect(await admitted([one], 10, rate('InitiateAuth'))).toBe(3)
  })
})

it('are counted in memory where one process has the database to itself (SQLite)', async () => {
  const database = await openDatabase({ engine: 'sqlite', path: ':memory:' }, () => undefined)
  const at = { now: 20_000 * SECOND }
  try {
    await putLimit(database.db, 'UserList', 100)
    const rates = createRequestRates(database, { now: () => at.now })
    expect(await admitted([rates], 1)).toBe(1)
    expect(await statementsOf(() => admitted([rates], 99))).toEqual([])
    expect(await admitted([rates], 10)).toBe(0)
    at.now += SECOND
    expect(await admitted([rates], 300)).toBe(100)
  } finally {
    await database.close()
  }
})
