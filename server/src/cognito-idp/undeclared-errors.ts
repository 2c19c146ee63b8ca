// Errors of user pools that the model does not declare for some operations, though the service raises them there.
import type { OperationModel } from '../contract/service-model.ts'
import type { UndeclaredErrors } from '../service.ts'
import { kindOf } from './replicas/served-rules.ts'

const byToken = (_operation: string, { caller }: OperationModel): boolean =>
  caller === 'user-token' || caller === 'token-or-session'

const TOKEN_TRIGGER = 'the trigger PreTokenGeneration is asked about the token'
const asksAboutClientTokens = (operation: string): boolean => operation === 'GetClientToken'

/** Some region of a pool refuses it. */
const isOfRegions = (operation: string, { caller }: OperationModel): boolean =>
  kindOf(operation, caller === 'signed') !== 'everywhere'

const sendsCodes = (operation: string): boolean => /^(Admin)?(InitiateAuth|RespondToAuthChallenge)$/.test(operation)

/**
 * Access tokens are verified before any operation runs, with the same errors for all
 * (docs/reference/user-pools.md 3.3).
 */
export const undeclaredErrors: UndeclaredErrors = {
  UserNotFoundException: { why: 'the user of the access token was deleted', by: byToken },
  PasswordResetRequiredException: { why: 'the user of the access token has to set a new password', by: byToken },
  ResourceNotFoundException: { why: 'the app client of the access token was deleted', by: byToken },
  CodeDeliveryFailureException: { why: 'nothing delivers the code of a factor', by: sendsCodes },
  OperationNotEnabledException: { why: 'the user pool is secondary in the region', by: isOfRegions },
  UserLambdaValidationException: { why: TOKEN_TRIGGER, by: asksAboutClientTokens },
  UnexpectedLambdaException: { why: TOKEN_TRIGGER, by: asksAboutClientTokens },
  InvalidLambdaResponseException: { why: TOKEN_TRIGGER, by: asksAboutClientTokens },
}
