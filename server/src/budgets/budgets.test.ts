import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../../test/harness.ts'
import { postgresUrl } from '../../test/postgres.ts'
import { openTestDatabase } from '../../test/statement-plans.ts'
import { parseAddressRanges } from '../config/address-ranges.ts'
import { createSealer } from '../crypto/seal.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/open.ts'
import { giveUseBack } from './budget-store.ts'
import { type BudgetParts, networksOf, takeBudget } from './budgets.ts'

const HOUR = 60 * 60 * 1000
const DAY = 24 * HOUR

describe.each(engines)('budgets on %s', (engine) => {
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.close())

  const sealer = createSealer({ current: randomBytes(32) })
  const at = { now: 20_000 * DAY }
  const parts = (): BudgetParts => ({ database, sealer, clock: { now: () => at.now } })
  let subjects = 0
  const budget = (hour: number, day: number) => ({ kind: 'pool', of: [`p${subjects++}`], bound: { hour, day } })
  const take = async (of: ReturnType<typeof budget>, times: number): Promise<number> => {
    const taken = await Promise.all(Array.from({ length: times }, () => takeBudget(parts(), 'SMS', of)))
    return taken.filter(Boolean).length
  }

  it('let no more through than an hour and a day allow, however many ask at once', async () => {
    at.now = 20_000 * DAY
    const some = budget(30, 70)
    expect(await take(some, 200)).toBe(30)
    expect(await take(some, 5)).toBe(0)
    at.now += HOUR - 1
    expect(await take(some, 5)).toBe(0)
    at.now += 1
    expect(await take(some, 200)).toBe(30)
    at.now += HOUR
    expect(await take(some, 200)).toBe(10)
    at.now += HOUR
    expect(await take(some, 5)).toBe(0)
    at.now = 20_001 * DAY
    expect(await take(some, 200)).toBe(30)
  })

  it('are apart for each subject, kind and purpose', async () => {
    const some = budget(1, 1)
    expect(await take(some, 2)).toBe(1)
    expect(await take({ ...some, kind: 'country' }, 2)).toBe(1)
    expect(await take({ ...some, of: [...some.of, 'DE'] }, 2)).toBe(1)
    expect(await takeBudget(parts(), 'EMAIL', some)).toBeDefined()
  })

  it('of 0 have no bound', async () => {
    expect(await take(budget(0, 0), 100)).toBe(100)
    expect(await take(budget(0, 7), 100)).toBe(7)
    expect(await take(budget(7, 0), 100)).toBe(7)
  })

  it('get back what is given back, in the windows that it was counted in', async () => {
    at.now = 20_010 * DAY
    const some = budget(1, 2)
    const use = await takeBudget(parts(), 'SMS', some)
    expect(use?.usedToday).toBe(1)
    if (use) await giveUseBack(database.db, use)
    expect(await take(some, 5)).toBe(1)
    at.now += HOUR
    if (use) await giveUseBack(database.db, use)
    // The hour is another one and was not touched; the day has got back a second use.
    expect(await take(some, 5)).toBe(1)
    expect(await take(some, 5)).toBe(0)
    for (let i = 0; use && i < 9; i++) await giveUseBack(database.db, { ...use, hour: use.hour + 1 })
    expect(await take(some, 5)).toBe(1)
  })

  it('hold between processes whose clocks differ, and start anew when the clock was set back by more', async () => {
    at.now = 20_020 * DAY
    const some = budget(3, 3)
    expect(await take(some, 2)).toBe(2)
    at.now -= 1000
    expect(await take(some, 5)).toBe(1)
    at.now += 1000
    expect(await take(some, 5)).toBe(0)
    at.now -= 3 * DAY
    expect(await take(some, 5)).toBe(3)
  })

  it('keep no subject in readable form, and no row longer than two days', async () => {
    at.now = 20_030 * DAY
    await takeBudget(parts(), 'SMS', {
      kind: 'destination',
      of: ['pool', '+4917012345678'],
      bound: { hour: 1, day: 1 },
    })
    const rows = await database.db.selectFrom('budgets').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain('4917012345678')
    for (const row of rows) expect(Number(row.expires_at) - Number(row.day) * DAY).toBeLessThanOrEqual(2 * DAY)
  })
})

it('are shared by processes (PostgreSQL)', async () => {
  const settings = { engine: 'postgres', url: await postgresUrl(), connections: 4 } as const
  const processes = await Promise.all([
    openDatabase(settings, () => undefined),
    openDatabase(settings, () => undefined),
  ])
  const sealer = createSealer({ current: randomBytes(32) })
  const budget = { kind: 'pool', of: ['shared'], bound: { hour: 25, day: 25 } }
  const asked = Array.from({ length: 100 }, (_, i) =>
    takeBudget({ database: processes[i % 2] as Database, sealer, clock: { now: () => 20_000 * DAY } }, 'SMS', budget),
  )
  expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(25)
  for (const database of processes) await database.close()
})

it('count an address as itself or its /64, and its /48', () => {
  const unlimitedAddresses = parseAddressRanges('10.0.0.0/8') ?? { empty: true, has: () => false }
  const of = (address: string | undefined) =>
    networksOf({ unlimitedAddresses }, address).map(({ kind, of: [net] }) => [kind, net])
  expect(of('192.0.2.1')).toEqual([['address', '192.0.2.1']])
  expect(of('2001:db8:1:2::3')).toEqual([
    ['address', '2001:db8:1:2::/64'],
    ['network', '2001:db8:1::/48'],
  ])
  expect(of('10.1.2.3')).toEqual([])
  expect(of(undefined)).toEqual([])
})
