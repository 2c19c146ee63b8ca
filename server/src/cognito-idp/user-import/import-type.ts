// A stored import job in the API's form. Pure.
import type { UserImportJobType } from '../../contract/cognito-idp.types.ts'
import type { ImportJob } from './import-store.ts'

/** `url`: its PreSignedUrl (upload-url.ts). */
export const importJobType = (job: ImportJob, url: string): UserImportJobType => ({
  JobName: job.name,
  JobId: job.id,
  UserPoolId: job.userPoolId,
  PreSignedUrl: url,
  CreationDate: new Date(job.createdAt),
  ...(job.startedAt !== undefined && { StartDate: new Date(job.startedAt) }),
  ...(job.completedAt !== undefined && { CompletionDate: new Date(job.completedAt) }),
  Status: job.status,
  CloudWatchLogsRoleArn: job.roleArn,
  ImportedUsers: job.imported,
  SkippedUsers: job.skipped,
  FailedUsers: job.failed,
  ...(job.message !== undefined && { CompletionMessage: job.message }),
  ...(job.algorithm !== undefined && { PasswordHashingAlgorithm: job.algorithm }),
})
