// Reads the import job that a request names.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import { findImportJob, type ImportJob } from './import-store.ts'

/** Throws ResourceNotFoundException. */
export async function requireImportJob(
  context: Pick<Context, 'db'>,
  poolId: string,
  jobId: string,
): Promise<ImportJob> {
  const job = await findImportJob(context.db, poolId, jobId)
  if (!job) throw new ApiError('ResourceNotFoundException', `User import job ${jobId} does not exist.`)
  return job
}

/** Of operations that change a pool while users are imported into it (docs/reference/user-pools.md 16). */
export const IMPORT_IN_PROGRESS_MESSAGE = 'A user import job is in progress for the user pool.'
