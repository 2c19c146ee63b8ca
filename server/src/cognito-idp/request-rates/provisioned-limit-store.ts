// Every statement on the limits of request rates that were set, and on what was used of them in the present second.
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { statement } from '../../database/statement.ts'

/** Requests a second, by category; categories without a limit are not there. */
export type ProvisionedLimits = ReadonlyMap<string, number>

const allLimits = statement((db) => db.selectFrom('provisioned_limits').select(['category', 'per_second']))

export async function findLimits(db: Db): Promise<ProvisionedLimits> {
  const { rows } = await allLimits(db)
  return new Map(rows.map(({ category, per_second }) => [category, Number(per_second)]))
}

export async function putLimit(db: Db, category: string, perSecond: number): Promise<void> {
  const values = { per_second: perSecond }
  await db
    .insertInto('provisioned_limits')
    .values({ category, ...values })
    .onConflict((conflict) => conflict.column('category').doUpdateSet(values))
    .execute()
}

export async function removeLimit(db: Db, category: string): Promise<void> {
  await db.deleteFrom('provisioned_limits').where('category', '=', category).execute()
}

/** How far the clocks of processes may differ, in seconds. Beyond, the second in the row is left over and starts anew. */
const CLOCKS_DIFFER = 5

// The second of the process whose clock is ahead is the one that all processes count in.
const goesOn = (): RawBuilder<boolean> =>
  sql<boolean>`rate_shares.at_second >= excluded.at_second and rate_shares.at_second <= excluded.at_second + ${sql.lit(CLOCKS_DIFFER)}`

const addUses = statement((db, counter: string, second: number, uses: number, expires: number) =>
  db
    .insertInto('rate_shares')
    .values({ counter, at_second: second, used: uses, expires_at: expires })
    .onConflict((conflict) =>
      conflict.column('counter').doUpdateSet({
        at_second: sql<number>`case when ${goesOn()} then rate_shares.at_second else excluded.at_second end`,
        expires_at: sql<number>`excluded.expires_at`,
        used: sql<number>`case when ${goesOn()} then rate_shares.used + excluded.used else excluded.used end`,
      }),
    )
    .returning('used'),
)

/**
 * Takes a share of `uses` of what `max` a second leave in this `second` (epoch), for this process alone; returns how many it
 * got. One statement, which never has to be tried again.
 */
export async function takeShare(db: Db, counter: string, second: number, uses: number, max: number): Promise<number> {
  const { rows } = await addUses(db, counter, second, uses, (second + CLOCKS_DIFFER) * 1000)
  const before = Number(rows[0]?.used) - uses
  return Math.max(0, Math.min(uses, max - before))
}
