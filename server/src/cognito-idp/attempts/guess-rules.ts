// Which errors of user pools mean a wrong guess at a password, code or name: the rate limit counts them more heavily
// than other calls of an address (api/rate-limit.ts).
import type { ErrorName } from '../../errors.ts'

/** By operation, the errors that mean a wrong password, a wrong code or an unknown user. */
const guesses: Readonly<Record<string, readonly ErrorName[]>> = {
  InitiateAuth: ['NotAuthorizedException', 'UserNotFoundException'],
  RespondToAuthChallenge: ['NotAuthorizedException', 'UserNotFoundException', 'CodeMismatchException'],
  VerifySoftwareToken: ['EnableSoftwareTokenMFAException', 'NotAuthorizedException'],
  ForgotPassword: ['UserNotFoundException'],
  ConfirmForgotPassword: ['CodeMismatchException', 'UserNotFoundException'],
  ConfirmSignUp: ['CodeMismatchException', 'UserNotFoundException'],
}

/**
 * Whether a refused public call was a guess. A refused refresh is not: refresh tokens cannot be guessed, and many users
 * behind one address are refused at once when an administrator signs them out.
 */
export function wasGuess(operation: string, input: Record<string, unknown>, error: ErrorName): boolean {
  if (String(input['AuthFlow']).startsWith('REFRESH_TOKEN')) return false
  return Object.hasOwn(guesses, operation) && (guesses[operation]?.includes(error) ?? false)
}
