// Which refusals of user pools say that somebody guessed: an address pays more for them than for its other calls
// (api/rate-limit.ts).
import type { ErrorName } from '../../errors.ts'

/** Answers that say that a password or code was guessed wrongly, or that nobody has the name. */
const guesses: Readonly<Record<string, readonly ErrorName[]>> = {
  InitiateAuth: ['NotAuthorizedException', 'UserNotFoundException'],
  RespondToAuthChallenge: ['NotAuthorizedException', 'UserNotFoundException', 'CodeMismatchException'],
  ForgotPassword: ['UserNotFoundException'],
  ConfirmForgotPassword: ['CodeMismatchException', 'UserNotFoundException'],
  ConfirmSignUp: ['CodeMismatchException', 'UserNotFoundException'],
}

/**
 * Whether a refused public call was a guess. A refresh is none: its token cannot be guessed, and apps of a whole office
 * ask at once when an administrator signs everybody out.
 */
export function wasGuess(operation: string, input: Record<string, unknown>, error: ErrorName): boolean {
  if (String(input['AuthFlow']).startsWith('REFRESH_TOKEN')) return false
  return Object.hasOwn(guesses, operation) && (guesses[operation]?.includes(error) ?? false)
}
