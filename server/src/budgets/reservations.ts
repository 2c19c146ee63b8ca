// Reservations of large budgets. The row of a busy pool is written by everybody who sends there, and on PostgreSQL the
// next one waits until the disk has the write of the one before. So a process reserves a hundredth of a budget by one
// write and spends that from memory. What it has not spent when the hour ends, or when it stops, is lost: the budget is
// smaller by at most a hundredth for each process, never larger.
import type { Bound } from '../config/budget-rules.ts'
import type { Database } from '../database/database.ts'
import type { Clock } from '../effects/effects.ts'
import { hourOf, takeUses } from './budget-store.ts'

const SHARE = 100

export interface Reservations {
  /** Counts a use of the budget with this key; false when it is spent. */
  take(key: string, bound: Bound): Promise<boolean>
}

/** Uses to reserve at once; below 2 nothing is gained. */
const reservedOf = ({ hour, day }: Bound): number => Math.floor(Math.min(hour || day, day || hour) / SHARE)

export function createReservations(database: Pick<Database, 'db'>, clock: Clock): Reservations {
  let hour = 0
  // Uses that are left of what was reserved in this hour, and writes that reserve more.
  const left = new Map<string, number>()
  const reserving = new Map<string, Promise<boolean>>()

  const takeOne = async (key: string, bound: Bound): Promise<boolean> =>
    (await takeUses(database.db, key, 1, bound, clock.now())) !== undefined

  async function reserve(key: string, bound: Bound, uses: number): Promise<boolean> {
    const taken = await takeUses(database.db, key, uses, bound, clock.now())
    if (taken && hourOf(clock.now()) === hour) left.set(key, (left.get(key) ?? 0) + uses)
    return taken !== undefined
  }

  return {
    async take(key, bound) {
      if (bound.hour === 0 && bound.day === 0) return true
      const uses = reservedOf(bound)
      if (uses < 2) return takeOne(key, bound)
      for (;;) {
        const now = hourOf(clock.now())
        if (now !== hour) left.clear()
        hour = now
        const rest = left.get(key) ?? 0
        if (rest > 0) {
          left.set(key, rest - 1)
          return true
        }
        const running = reserving.get(key) ?? reserve(key, bound, uses).finally(() => reserving.delete(key))
        reserving.set(key, running)
        // Fewer are left than a reservation takes.
        if (!(await running)) return takeOne(key, bound)
      }
    },
  }
}
