import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statementsOf } from '../../test/executed-statements.ts'
import { engines } from '../../test/harness.ts'
import { openTestDatabase } from '../../test/statement-plans.ts'
import type { Database } from '../database/database.ts'
import { createReservations } from './reservations.ts'

const HOUR = 60 * 60 * 1000
const DAY = 24 * HOUR

describe.each(engines)('reservations on %s', (engine) => {
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.close())

  const clock = { at: 20_000 * DAY, now: () => clock.at }
  const count = async (times: number, take: (i: number) => Promise<boolean>): Promise<number> =>
    (await Promise.all(Array.from({ length: times }, (_, i) => take(i)))).filter(Boolean).length

  it('let exactly the budget through, with a hundredth of the writes', async () => {
    const { take } = createReservations(database, clock)
    let taken = 0
    const executed = await statementsOf(async () => {
      for (let i = 0; i < 12; i++) taken += await count(100, () => take('one', { hour: 1000, day: 5000 }))
    })
    expect(taken).toBe(1000)
    // A hundred reservations; then each of the refused asks for one.
    expect(executed.length).toBeLessThan(100 + 2 * 200 + 10)
    clock.at += HOUR
    expect(await count(50, () => take('one', { hour: 1000, day: 5000 }))).toBe(50)
  })

  it('of several processes never exceed the budget, and fall short of it by a hundredth for each at most', async () => {
    const processes = Array.from({ length: 3 }, () => createReservations(database, clock))
    const bound = { hour: 300, day: 300 }
    const taken = await count(900, (i) => (processes[i % 3] as (typeof processes)[0]).take('many', bound))
    expect(taken).toBeLessThanOrEqual(300)
    expect(taken).toBeGreaterThanOrEqual(300 - 3 * 3)
  })

  it('of an hour are not spent in the next one', async () => {
    const { take } = createReservations(database, clock)
    const bound = { hour: 500, day: 505 }
    expect(await count(1, () => take('hours', bound))).toBe(1)
    clock.at += HOUR
    // Five were reserved and one spent; the day has 500 left.
    expect(await count(600, () => take('hours', bound))).toBe(500)
  })

  it('of small budgets and of those without a bound are exact', async () => {
    const { take } = createReservations(database, clock)
    expect(await count(20, () => take('small', { hour: 7, day: 9 }))).toBe(7)
    expect(await count(500, () => take('none', { hour: 0, day: 0 }))).toBe(500)
  })
})
