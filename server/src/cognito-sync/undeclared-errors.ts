// Errors of Cognito Sync that its model does not declare any more, though the service names them.
import type { UndeclaredErrors } from '../service.ts'

export const undeclaredErrors = {
  // docs/reference/identity-pools-sts-iam-sync.md 21.3
  LambdaSocketTimeoutException: {
    why: 'the SyncTrigger does not answer within five seconds',
    by: (operation) => operation === 'UpdateRecords',
  },
} as const satisfies UndeclaredErrors
