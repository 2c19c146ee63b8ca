// Statements on when access keys and roles were used last.
import type { Db } from '../database/database.ts'

export interface Use {
  /** Epoch milliseconds. */
  usedAt: number
  /** The service and region that the signature was for. */
  service: string
  region: string
}

export async function findLastUsed(db: Db, name: string): Promise<Use | undefined> {
  const row = await db
    .selectFrom('iam_last_used')
    .select(['used_at', 'service', 'region'])
    .where('name', '=', name)
    .executeTakeFirst()
  return row && { usedAt: row.used_at, service: row.service, region: row.region }
}

/** Writes a use unless a later one is stored. */
export async function writeLastUsed(db: Db, name: string, { usedAt, service, region }: Use): Promise<void> {
  const columns = { used_at: usedAt, service, region }
  await db
    .insertInto('iam_last_used')
    .values({ name, ...columns })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(columns).where('iam_last_used.used_at', '<', usedAt))
    .execute()
}

export async function deleteLastUsed(db: Db, name: string): Promise<void> {
  await db.deleteFrom('iam_last_used').where('name', '=', name).execute()
}
