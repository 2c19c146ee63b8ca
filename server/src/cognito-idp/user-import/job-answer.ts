// An import job as operations answer with it.
import type { Context } from '../../context.ts'
import type { UserImportJobType } from '../../contract/cognito-idp.types.ts'
import type { ImportJob } from './import-store.ts'
import { importJobType } from './import-type.ts'
import { uploadUrl } from './upload-url.ts'

export const shownJob = (context: Pick<Context, 'sealer' | 'publicUrl' | 'clock'>, job: ImportJob): UserImportJobType =>
  importJobType(job, uploadUrl(context, job))
