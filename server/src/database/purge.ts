// Statements that find and remove expired rows. A job runs them (jobs/, queues.ts).
import type { Db } from './database.ts'
import { purgeHorizon } from './purge-rules.ts'
import { paddedKeys, statement } from './statement.ts'

/** A row for each table whose rows expire (column `expires_at`): the table, and the column that leads its primary key. */
const expiring = [
  ['codes', 'user_sub'],
  ['attempts', 'subject'],
  ['budgets', 'budget_key'],
  ['spent_ids', 'id'],
  ['custom_sign_ins', 'id'],
  ['authorization_codes', 'code_hash'],
  ['device_grants', 'code_key'],
  ['revoked_sign_ins', 'user_sub'],
  ['refresh_families', 'user_sub'],
  ['user_sessions', 'user_sub'],
  ['refresh_uses', 'user_sub'],
  ['auth_events', 'user_sub'],
  ['session_apps', 'user_sub'],
  ['saml_sessions', 'user_sub'],
  ['signing_keys', 'user_pool_id'],
  ['rate_shares', 'counter'],
] as const

/** The statements that purge a table. */
export interface Purge {
  readonly table: string
  /**
   * The next rows that expired before `now`, in order from `after` on: their leading keys, and when the last one
   * expired.
   */
  find(db: Db, now: number, after: number, limit: number): Promise<{ keys: string[]; last: number } | undefined>
  /** Removes the rows with these leading keys that expired before `now`. */
  remove(db: Db, now: number, keys: readonly string[]): Promise<void>
}

/** The purges of all tables with rows that expire. */
export const purges: readonly Purge[] = expiring.map(([name, column]) => {
  // For the type checker, which cannot follow a union of tables, one table and column stand for all.
  const [table, key] = [name, column] as unknown as ['codes', 'user_sub']
  const remove = statement((db, now: number, ...keys: string[]) =>
    db.deleteFrom(table).where(key, 'in', keys).where('expires_at', '<', now),
  )
  return {
    table: name,
    async find(db, now, after, limit) {
      const rows = await db
        .selectFrom(table)
        .select([`${key} as key`, 'expires_at'])
        .where('expires_at', '>=', after)
        .where('expires_at', '<', now)
        .orderBy('expires_at')
        .limit(limit)
        .execute()
      const last = rows.at(-1)
      return last && { keys: rows.map((row) => row.key), last: last.expires_at }
    },
    async remove(db, now, keys) {
      await remove(db, now, ...paddedKeys([...new Set(keys)]))
    },
  }
})

/** The row of `meta` with the horizon of the last purge. */
const HORIZON = 'purge-horizon'

/** The time before which expired rows may be removed now; the next purge goes on from there. */
export async function nextPurgeHorizon(db: Db, now: number): Promise<number> {
  const last = await db.selectFrom('meta').select('value').where('name', '=', HORIZON).executeTakeFirst()
  const horizon = purgeHorizon(last && Number(last.value), now)
  const value = String(horizon)
  await db
    .insertInto('meta')
    .values({ name: HORIZON, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
  return horizon
}
