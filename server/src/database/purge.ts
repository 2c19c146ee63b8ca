// Removes rows whose time is over, a bounded number at once.
import type { Db } from './database.ts'

const MOST = 1000

/** Deletes expired counters, spent ids, revocations and refresh families. What is left over waits for the next round. */
export async function purgeExpired(db: Db, now: number): Promise<void> {
  const attempts = await db
    .selectFrom('attempts')
    .select(['subject', 'kind', 'user_pool_id'])
    .where('expires_at', '<', now)
    .orderBy('expires_at')
    .limit(MOST)
    .execute()
  for (const row of attempts) {
    await db
      .deleteFrom('attempts')
      .where('subject', '=', row.subject)
      .where('kind', '=', row.kind)
      .where('user_pool_id', '=', row.user_pool_id)
      .where('expires_at', '<', now)
      .execute()
  }
  const spent = await db
    .selectFrom('spent_ids')
    .select('id')
    .where('expires_at', '<', now)
    .orderBy('expires_at')
    .limit(MOST)
    .execute()
  if (spent.length > 0)
    await db
      .deleteFrom('spent_ids')
      .where(
        'id',
        'in',
        spent.map((row) => row.id),
      )
      .where('expires_at', '<', now)
      .execute()
  for (const table of ['revoked_sign_ins', 'refresh_families'] as const) {
    const rows = await db
      .selectFrom(table)
      .select('origin_jti')
      .where('expires_at', '<', now)
      .orderBy('expires_at')
      .limit(MOST)
      .execute()
    if (rows.length > 0)
      await db
        .deleteFrom(table)
        .where(
          'origin_jti',
          'in',
          rows.map((row) => row.origin_jti),
        )
        .where('expires_at', '<', now)
        .execute()
  }
}
