// Every statement on the table of budgets. A row counts the uses of one thing in the present hour and day. A use is
// counted and compared with its bounds in one statement, so that concurrent requests of any number of processes cannot
// exceed a bound, and nobody has to try again: the row of a busy pool is written many times a second.

import { type RawBuilder, sql } from 'kysely'
import type { Bound } from '../config/budget-rules.ts'
import type { Db } from '../database/database.ts'
import { statement } from '../database/statement.ts'

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS

/** A use, or several at once, that was counted. */
export interface CountedUse {
  readonly key: string
  /** How many. */
  readonly uses: number
  /** The windows that the use was counted in, as numbers from the epoch on. */
  readonly hour: number
  readonly day: number
  /** Uses of this day so far, with this one. */
  readonly usedToday: number
}

/** The number of the hour that a time (epoch milliseconds) is in, from the epoch on. */
export const hourOf = (now: number): number => Math.floor(now / HOUR_MS)

// A row whose window is the next one was written by a process whose clock is ahead: it stays in force. One that is
// further ahead is left over from before the clock was set back, and starts anew, so that nobody is locked out.
const goesOn = (window: 'hour' | 'day'): RawBuilder<boolean> => {
  const [stored, present] = [sql.ref(`budgets.${window}`), sql.ref(`excluded.${window}`)]
  return sql<boolean>`${stored} in (${present}, ${present} + 1)`
}

const setWindow = (window: 'hour' | 'day') => ({
  [window]: sql<number>`case when ${goesOn(window)} then ${sql.ref(`budgets.${window}`)} else ${sql.ref(`excluded.${window}`)} end`,
  [`${window}_used`]: sql<number>`case when ${goesOn(window)} then ${sql.ref(`budgets.${window}_used`)} + ${sql.ref(`excluded.${window}_used`)} else ${sql.ref(`excluded.${window}_used`)} end`,
})

const hasRoom = (window: 'hour' | 'day', max: number): RawBuilder<boolean> =>
  sql<boolean>`(not (${goesOn(window)}) or ${sql.ref(`budgets.${window}_used`)} + ${sql.ref(`excluded.${window}_used`)} <= ${max})`

const countUse = statement(
  (db, key: string, uses: number, hour: number, day: number, expiresAt: number, maxHour: number, maxDay: number) =>
    db
      .insertInto('budgets')
      .values({ budget_key: key, hour, hour_used: uses, day, day_used: uses, expires_at: expiresAt })
      .onConflict((conflict) =>
        conflict
          .column('budget_key')
          .doUpdateSet(({ ref }) => ({
            ...setWindow('hour'),
            ...setWindow('day'),
            expires_at: ref('excluded.expires_at'),
          }))
          .where(hasRoom('hour', maxHour))
          .where(hasRoom('day', maxDay)),
      )
      .returning(['hour', 'day', 'day_used']),
)

/** More than any count: no bound. */
const NO_BOUND = 2 ** 31

/**
 * Counts `uses` of `key` in the windows of `now` (epoch milliseconds); undefined, and nothing is counted, when they exceed
 * either bound. A bound of 0 is none. `uses` must not exceed a bound by themselves.
 */
export async function takeUses(
  db: Db,
  key: string,
  uses: number,
  bound: Bound,
  now: number,
): Promise<CountedUse | undefined> {
  const [hour, day] = [hourOf(now), Math.floor(now / DAY_MS)]
  // The row may be of the next day already (`goesOn`).
  const expiresAt = (day + 2) * DAY_MS
  const { rows } = await countUse(db, key, uses, hour, day, expiresAt, bound.hour || NO_BOUND, bound.day || NO_BOUND)
  const row = rows[0]
  return row && { key, uses, hour: Number(row.hour), day: Number(row.day), usedToday: Number(row.day_used) }
}

const uncount = (window: 'hour' | 'day', value: number, uses: number): RawBuilder<number> => {
  const used = sql.ref(`${window}_used`)
  return sql<number>`case when ${sql.ref(window)} = ${value} and ${used} >= ${uses} then ${used} - ${uses} else ${used} end`
}

const uncountUse = statement((db, key: string, uses: number, hour: number, day: number) =>
  db
    .updateTable('budgets')
    .set({ hour_used: uncount('hour', hour, uses), day_used: uncount('day', day, uses) })
    .where('budget_key', '=', key),
)

/** Uncounts what was counted. Does nothing to windows that are over. */
export async function giveUseBack(db: Db, { key, uses, hour, day }: CountedUse): Promise<void> {
  await uncountUse(db, key, uses, hour, day)
}
