// Every statement on the table of import jobs. Changes compare the state that they rest on.
import type { PasswordHashingAlgorithmType, UserImportJobStatusType } from '../../contract/cognito-idp.types.ts'
import { affectedRows, type Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'

/** A job as stored. Times are epoch milliseconds. */
export interface ImportJob {
  readonly id: string
  readonly userPoolId: string
  readonly name: string
  readonly roleArn: string
  readonly algorithm: PasswordHashingAlgorithmType | undefined
  readonly status: UserImportJobStatusType
  readonly message: string | undefined
  readonly imported: number
  readonly skipped: number
  readonly failed: number
  readonly createdAt: number
  readonly startedAt: number | undefined
  readonly completedAt: number | undefined
  /** The complete upload; empty without one. */
  readonly fileId: string
  /** The upload under way, and how many bytes of it have arrived. */
  readonly uploadId: string
  readonly uploadBytes: number
  /** The size that it was begun with; 0 where it was not told. */
  readonly uploadSize: number
}

const fromRow = (row: Schema['user_import_jobs']): ImportJob => ({
  id: row.job_id,
  userPoolId: row.user_pool_id,
  name: row.job_name,
  roleArn: row.role_arn,
  algorithm: (row.algorithm ?? undefined) as PasswordHashingAlgorithmType | undefined,
  status: row.status as UserImportJobStatusType,
  message: row.message ?? undefined,
  imported: row.imported,
  skipped: row.skipped,
  failed: row.failed,
  createdAt: row.created_at,
  startedAt: row.started_at ?? undefined,
  completedAt: row.completed_at ?? undefined,
  fileId: row.file_id,
  uploadId: row.upload_id,
  uploadBytes: row.upload_bytes,
  uploadSize: row.upload_size,
})

type NewJob = Pick<ImportJob, 'id' | 'userPoolId' | 'name' | 'roleArn' | 'algorithm' | 'createdAt'>

export async function insertImportJob(db: Db, job: NewJob): Promise<ImportJob> {
  const row = {
    job_id: job.id,
    user_pool_id: job.userPoolId,
    job_name: job.name,
    role_arn: job.roleArn,
    algorithm: job.algorithm ?? null,
    status: 'Created',
    message: null,
    imported: 0,
    skipped: 0,
    failed: 0,
    created_at: job.createdAt,
    started_at: null,
    completed_at: null,
    file_id: '',
    upload_id: '',
    upload_bytes: 0,
    upload_size: 0,
  }
  await db.insertInto('user_import_jobs').values(row).execute()
  return fromRow(row)
}

export async function findImportJob(db: Db, userPoolId: string, id: string): Promise<ImportJob | undefined> {
  const row = await db
    .selectFrom('user_import_jobs')
    .selectAll()
    .where('job_id', '=', id)
    .where('user_pool_id', '=', userPoolId)
    .executeTakeFirst()
  return row && fromRow(row)
}

export async function countImportJobs(db: Db, userPoolId: string): Promise<number> {
  const { count } = await db
    .selectFrom('user_import_jobs')
    .select((row) => row.fn.countAll().as('count'))
    .where('user_pool_id', '=', userPoolId)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** A position in the list of a pool's jobs. */
export type ImportPosition = Pick<ImportJob, 'createdAt' | 'id'>

/** Jobs of a pool, the newest first, after a position. */
export async function listImportJobs(
  db: Db,
  userPoolId: string,
  after: ImportPosition | undefined,
  limit: number,
): Promise<ImportJob[]> {
  let query = db.selectFrom('user_import_jobs').selectAll().where('user_pool_id', '=', userPoolId)
  if (after)
    query = query
      .where('created_at', '<=', after.createdAt)
      .where((row) => row.or([row('created_at', '<', after.createdAt), row('job_id', '<', after.id)]))
  const rows = await query.orderBy('created_at', 'desc').orderBy('job_id', 'desc').limit(limit).execute()
  return rows.map(fromRow)
}

/** States in which a job works on its pool. */
const RUNNING: readonly UserImportJobStatusType[] = ['Pending', 'InProgress', 'Stopping']

export async function isImporting(db: Db, userPoolId: string): Promise<boolean> {
  const row = await db
    .selectFrom('user_import_jobs')
    .select('job_id')
    .where('user_pool_id', '=', userPoolId)
    .where('status', 'in', RUNNING)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

type Changes = Partial<Omit<Schema['user_import_jobs'], 'job_id' | 'user_pool_id'>>
type Expected = Partial<Pick<Schema['user_import_jobs'], 'upload_id' | 'upload_bytes' | 'file_id'>> & {
  status: UserImportJobStatusType | readonly UserImportJobStatusType[]
}

/** Changes a job that is as expected; false when it is not. */
export async function changeImportJob(
  db: Db,
  { id, userPoolId }: Pick<ImportJob, 'id' | 'userPoolId'>,
  { status, ...expected }: Expected,
  changes: Changes,
): Promise<boolean> {
  let update = db
    .updateTable('user_import_jobs')
    .set(changes)
    .where('job_id', '=', id)
    .where('user_pool_id', '=', userPoolId)
    .where('status', 'in', [status].flat())
  for (const [column, value] of Object.entries(expected))
    update = update.where(column as 'upload_id', '=', value as string)
  return affectedRows(await update.executeTakeFirst()) === 1
}
