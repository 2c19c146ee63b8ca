// The words of a refused sign-in on the pages: which text each reason has, and what a reason of the API's errors is. Who
// exists is hidden as the client says (docs/reference/user-pools.md 3.4).
import type { BudgetSpent } from '../budgets/budgets.ts'
import { hidesExistence } from '../cognito-idp/sign-in/user-state-rules.ts'
import type { UserPoolClientSettings } from '../cognito-idp/user-pool-clients/client-store.ts'
import type { ApiError, ErrorName } from '../errors.ts'
import type { SignInRefusalReason } from '../events.ts'
import { problemText } from './account-problem.ts'
import type { Words } from './languages/en.ts'

const texts: Readonly<Record<SignInRefusalReason, keyof Words>> = {
  'wrong-password': 'wrongPassword',
  // No page says that a name belongs to nobody: whoever types one sees the same for a wrong password.
  'unknown-user': 'wrongPassword',
  locked: 'locked',
  disabled: 'disabled',
  unconfirmed: 'unconfirmed',
  'reset-required': 'resetRequired',
  'external-provider': 'wrongPassword',
  'compromised-password': 'resetRequired',
  'temporary-password-expired': 'temporaryExpired',
  'invalid-session': 'expired',
  'expired-session': 'expired',
  'used-session': 'expired',
  'wrong-code': 'wrongCode',
  'expired-code': 'expiredCode',
  'no-first-factor': 'noFactor',
  'wrong-software-token': 'wrongCode',
  'used-software-token': 'usedCode',
  'wrong-recovery-code': 'wrongCode',
  'wrong-passkey': 'wrongPasskey',
  'cloned-passkey': 'wrongPasskey',
  'unknown-device': 'expired',
  'wrong-device-secret': 'expired',
  'custom-failed': 'wrongPassword',
  'blocked-address': 'risk',
  risk: 'risk',
  'no-second-factor': 'noFactor',
}

/** Reasons after which the same session may be answered again. */
const TRY_AGAIN: ReadonlySet<SignInRefusalReason> = new Set([
  'wrong-code',
  'wrong-software-token',
  'used-software-token',
  'wrong-recovery-code',
  'wrong-passkey',
  'wrong-password',
])

/**
 * Whether the same page is shown again. What hides who exists is told as a wrong password: it leads to the same page as one
 * (docs/reference/threats.md 1).
 */
export const mayTryAgain = (client: UserPoolClientSettings, reason: SignInRefusalReason): boolean =>
  TRY_AGAIN.has(told(client, reason))

const told = (client: UserPoolClientSettings, reason: SignInRefusalReason): SignInRefusalReason =>
  reason === 'unknown-user' || isHidden(client, reason) ? 'wrong-password' : reason

/** Reasons that are wrong guesses at something secret. */
export const wasGuess = (reason: SignInRefusalReason): boolean =>
  TRY_AGAIN.has(reason) || reason === 'unknown-user' || reason === 'locked'

/** Whether the client hides the reason, as it would tell who exists. */
export const isHidden = (client: UserPoolClientSettings, reason: SignInRefusalReason): boolean =>
  reason === 'reset-required' && hidesExistence(client)

export const refusalText = (words: Words, client: UserPoolClientSettings, reason: SignInRefusalReason): string =>
  words[texts[told(client, reason)]]

const errors: Partial<Record<ErrorName, keyof Words>> = { InvalidPasswordException: 'weakPassword' }

/** The words of an error of the API. `malformed`: what is said of an answer that is. */
export function errorText(words: Words, error: ApiError | BudgetSpent, malformed?: keyof Words): string {
  if (error.message.startsWith('Missing required parameter')) return words.missing
  const text = error.name === 'InvalidParameterException' ? malformed : errors[error.name as ErrorName]
  return text === undefined ? problemText(words, error) : words[text]
}
