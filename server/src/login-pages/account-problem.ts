// What the functions of cognito-idp/sign-up refuse, in words for people (docs/reference/user-pools.md 3.3). Guesses are counted
// as the API counts them.
import { BudgetSpent } from '../budgets/budgets.ts'
import { wasGuess } from '../cognito-idp/attempts/guess-rules.ts'
import { passwordProblem } from '../cognito-idp/users/password-rules.ts'
import { ApiError, type ErrorName } from '../errors.ts'
import type { PoolRequest } from '../oauth/endpoint.ts'
import type { Words } from './languages/en.ts'

export type AccountProblem = ApiError | BudgetSpent

/** The operation of the API whose work a page does. */
export type AccountOperation =
  | 'SignUp'
  | 'ConfirmSignUp'
  | 'ResendConfirmationCode'
  | 'ForgotPassword'
  | 'ConfirmForgotPassword'
  | 'ChangePassword'
  | 'UpdateUserAttributes'
  | 'GetUserAttributeVerificationCode'
  | 'VerifyUserAttribute'
  | 'SetUserMFAPreference'
  | 'AssociateSoftwareToken'
  | 'VerifySoftwareToken'
  | 'CreateRecoveryCodes'
  | 'DeleteWebAuthnCredential'
  | 'ForgetDevice'
  | 'RevokeUserSession'

/** Of users who are signed in, whose calls by the API have a token and are not limited. */
const GUESSES: Partial<Record<AccountOperation, ErrorName>> = {
  ChangePassword: 'NotAuthorizedException',
  VerifyUserAttribute: 'CodeMismatchException',
}

/** Runs the work of a page. Throws what is no refusal. */
export async function attempt<T>(
  request: Pick<PoolRequest, 'countGuess'>,
  operation: AccountOperation,
  run: () => Promise<T>,
): Promise<{ done: T } | { problem: AccountProblem }> {
  try {
    return { done: await run() }
  } catch (error) {
    if (error instanceof ApiError && (wasGuess(operation, {}, error.name) || GUESSES[operation] === error.name))
      request.countGuess()
    if (error instanceof ApiError || error instanceof BudgetSpent) return { problem: error }
    throw error
  }
}

const texts: Partial<Record<ErrorName, keyof Words>> = {
  AliasExistsException: 'aliasTaken',
  CodeDeliveryFailureException: 'undeliverable',
  CodeMismatchException: 'wrongCode',
  ExpiredCodeException: 'askForCode',
  InternalErrorException: 'errorTitle',
  InvalidLambdaResponseException: 'errorTitle',
  LimitExceededException: 'tryLater',
  EnableSoftwareTokenMFAException: 'wrongCode',
  PasswordHistoryPolicyViolationException: 'passwordReused',
  ResourceNotFoundException: 'gone',
  TooManyFailedAttemptsException: 'tryLater',
  TooManyRequestsException: 'tryLater',
  UnexpectedLambdaException: 'errorTitle',
  UserNotFoundException: 'unknownUser',
  UsernameExistsException: 'nameTaken',
}

/** Refusals without words of their own, such as those of the pool's triggers, are told in the words of the API. */
export function problemText(words: Words, problem: AccountProblem): string {
  if (problem instanceof BudgetSpent) return words.tryLater
  const text = Object.hasOwn(texts, problem.name) ? texts[problem.name] : undefined
  return text === undefined ? problem.message : words[text]
}

/** The problem of a new password: too weak for the pool, or known from a breach. */
export const newPasswordText = (words: Words, { pool }: Pick<PoolRequest, 'pool'>, password: string): string =>
  words[passwordProblem(pool.settings, password) === undefined ? 'breachedPassword' : 'passwordTooWeak']
