// Removes rows whose time is over, in small steps with pauses, so that neither requests nor other processes wait long.
import { setTimeout } from 'node:timers/promises'
import type { Db } from './database.ts'

const AT_ONCE = 500
const PAUSE_MS = 5

/** Deletes expired codes, counters, spent ids, revocations and refresh families; what is left when stopped waits for the next round. */
export async function purgeExpired(db: Db, now: number, stopped: () => boolean): Promise<void> {
  for (const purge of [
    purgeCodes,
    purgeAttempts,
    purgeSpentIds,
    purgeSignIns('revoked_sign_ins'),
    purgeSignIns('refresh_families'),
  ]) {
    while (!stopped() && (await purge(db, now)) === AT_ONCE) await setTimeout(PAUSE_MS)
  }
}

/** Each removes some rows and answers how many it found. */
type Purge = (db: Db, now: number) => Promise<number>

const purgeCodes: Purge = async (db, now) => {
  const rows = await db
    .selectFrom('codes')
    .select('user_sub')
    .where('expires_at', '<', now)
    .orderBy('expires_at')
    .limit(AT_ONCE)
    .execute()
  const subs = rows.map((row) => row.user_sub)
  if (subs.length > 0)
    await db.deleteFrom('codes').where('user_sub', 'in', subs).where('expires_at', '<', now).execute()
  return rows.length
}

const purgeAttempts: Purge = async (db, now) => {
  const rows = await db
    .selectFrom('attempts')
    .select('subject')
    .where('expires_at', '<', now)
    .orderBy('expires_at')
    .limit(AT_ONCE)
    .execute()
  const subjects = rows.map((row) => row.subject)
  if (subjects.length > 0)
    await db.deleteFrom('attempts').where('subject', 'in', subjects).where('expires_at', '<', now).execute()
  return rows.length
}

const purgeSpentIds: Purge = async (db, now) => {
  const rows = await db
    .selectFrom('spent_ids')
    .select('id')
    .where('expires_at', '<', now)
    .orderBy('expires_at')
    .limit(AT_ONCE)
    .execute()
  const ids = rows.map((row) => row.id)
  if (ids.length > 0) await db.deleteFrom('spent_ids').where('id', 'in', ids).where('expires_at', '<', now).execute()
  return rows.length
}

const purgeSignIns =
  (table: 'revoked_sign_ins' | 'refresh_families'): Purge =>
  async (db, now) => {
    const rows = await db
      .selectFrom(table)
      .select('user_sub')
      .where('expires_at', '<', now)
      .orderBy('expires_at')
      .limit(AT_ONCE)
      .execute()
    const subs = rows.map((row) => row.user_sub)
    if (subs.length > 0)
      await db.deleteFrom(table).where('user_sub', 'in', subs).where('expires_at', '<', now).execute()
    return rows.length
  }
