// Every statement on the parts of uploaded files and on the logs of import jobs.
import type { Db } from '../../database/database.ts'
import type { ImportJob } from './import-store.ts'

type Key = Pick<ImportJob, 'id' | 'userPoolId'>

export interface SealedPart {
  readonly position: number
  readonly sealed: string
}

export async function insertPart(db: Db, { id, userPoolId }: Key, uploadId: string, part: SealedPart): Promise<void> {
  const { position, sealed } = part
  const row = { job_id: id, upload_id: uploadId, position, user_pool_id: userPoolId, content_sealed: sealed }
  await db.insertInto('user_import_parts').values(row).execute()
}

/** The part with the byte at `position`, if the file goes as far. */
export async function findPart(
  db: Db,
  { id }: Key,
  uploadId: string,
  position: number,
): Promise<SealedPart | undefined> {
  const row = await db
    .selectFrom('user_import_parts')
    .select(['position', 'content_sealed'])
    .where('job_id', '=', id)
    .where('upload_id', '=', uploadId)
    .where('position', '<=', position)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { position: row.position, sealed: row.content_sealed }
}

const PARTS_AT_ONCE = 8

/** Removes the parts of one upload of a job, or of all, a few at a time, so that nobody waits for long. */
export async function removeParts(db: Db, { id }: Key, uploadId?: string): Promise<void> {
  const parts = db.selectFrom('user_import_parts').select(['upload_id', 'position']).where('job_id', '=', id)
  const named = uploadId === undefined ? parts : parts.where('upload_id', '=', uploadId)
  for (;;) {
    const rows = await named.limit(PARTS_AT_ONCE).execute()
    if (rows.length === 0) return
    for (const row of rows)
      await db
        .deleteFrom('user_import_parts')
        .where('job_id', '=', id)
        .where('upload_id', '=', row.upload_id)
        .where('position', '=', row.position)
        .execute()
  }
}

export async function insertLog(db: Db, { id, userPoolId }: Key, line: number, packed: string) {
  const row = { job_id: id, line, user_pool_id: userPoolId, content: packed }
  await db.insertInto('user_import_log').values(row).execute()
}

/** Packed lines of a job's log (log-rules.ts), step by step; `after` is the `line` of the step before. */
export async function listLog(
  db: Db,
  { id }: Key,
  after: number,
  limit: number,
): Promise<{ line: number; content: string }[]> {
  return db
    .selectFrom('user_import_log')
    .select(['line', 'content'])
    .where('job_id', '=', id)
    .where('line', '>', after)
    .orderBy('line')
    .limit(limit)
    .execute()
}
