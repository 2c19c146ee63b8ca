// Errors that user pools answer with and that their model leaves out of the lists of some operations.
import type { OperationModel } from '../contract/service-model.ts'
import type { UndeclaredErrors } from '../service.ts'

const byToken = (_operation: string, { caller }: OperationModel): boolean =>
  caller === 'user-token' || caller === 'token-or-session'

/** The token is looked at before the operation runs, in the same way for all of them (docs/reference/user-pools.md 3.3). */
export const undeclaredErrors: UndeclaredErrors = {
  UserNotFoundException: { why: 'the user of the access token is gone', by: byToken },
  PasswordResetRequiredException: { why: 'the user of the access token has to set a new password', by: byToken },
  ResourceNotFoundException: { why: 'the app client of the access token is gone', by: byToken },
}
