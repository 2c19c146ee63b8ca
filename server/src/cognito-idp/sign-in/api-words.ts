// The words of a refused sign-in in the API: error and text of each reason. docs/reference/user-pools.md 3.3, 3.4.
import { ApiError, type ErrorName } from '../../errors.ts'
import type { SignInRefusalReason } from '../../events.ts'
import type { Refusal } from '../../refusal-rules.ts'
import { NO_SUCH_DEVICE_MESSAGE } from '../devices/require-device.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import { hidesExistence } from './user-state-rules.ts'

export const WRONG_PASSWORD_MESSAGE = 'Incorrect username or password.'
export const LOCKED_MESSAGE = 'Password attempts exceeded'

/** The reason is told as `hidden` to a client that hides which users exist. */
interface Words extends Refusal<ErrorName> {
  readonly hidden?: Refusal<ErrorName>
}

const notAuthorized = (message: string): Words => ({ refused: 'NotAuthorizedException', message })
const wrong = notAuthorized(WRONG_PASSWORD_MESSAGE)
const wrongPasskey = notAuthorized('The passkey was not accepted.')

const words: Readonly<Record<SignInRefusalReason, Words>> = {
  'wrong-password': wrong,
  'unknown-user': { refused: 'UserNotFoundException', message: 'User does not exist.', hidden: wrong },
  locked: notAuthorized(LOCKED_MESSAGE),
  disabled: notAuthorized('User is disabled.'),
  unconfirmed: { refused: 'UserNotConfirmedException', message: 'User is not confirmed.' },
  'reset-required': {
    refused: 'PasswordResetRequiredException',
    message: 'Password reset required for the user',
    hidden: wrong,
  },
  // The password was right: whoever sent it knows that the user exists.
  'compromised-password': {
    refused: 'PasswordResetRequiredException',
    message: 'Password reset required for the user',
  },
  'temporary-password-expired': notAuthorized('Temporary password has expired and must be reset by an administrator.'),
  'invalid-session': notAuthorized('Invalid session for the user.'),
  'expired-session': notAuthorized('Invalid session for the user, session is expired.'),
  'used-session': notAuthorized('Invalid session for the user, session can only be used once.'),
  'wrong-code': { refused: 'CodeMismatchException', message: 'Invalid code or auth state for the user.' },
  'expired-code': { refused: 'ExpiredCodeException', message: 'Invalid code provided, please request a code again.' },
  'no-first-factor': notAuthorized('The user has no factor to sign in with.'),
  'wrong-software-token': { refused: 'CodeMismatchException', message: 'Invalid code received for user' },
  'used-software-token': {
    refused: 'ExpiredCodeException',
    message: 'Your software token has already been used once.',
  },
  'wrong-recovery-code': { refused: 'CodeMismatchException', message: 'Invalid code or auth state for the user.' },
  'wrong-passkey': wrongPasskey,
  'cloned-passkey': wrongPasskey,
  // The text by which clients forget the device (docs/reference/user-pools.md 3.3).
  'unknown-device': { refused: 'ResourceNotFoundException', message: NO_SUCH_DEVICE_MESSAGE },
  'wrong-device-secret': wrong,
  'custom-failed': wrong,
  'external-provider': wrong,
  'blocked-address': notAuthorized('Request not allowed due to security reasons.'),
  risk: notAuthorized('Unable to login because of security reasons.'),
  'no-second-factor': notAuthorized(
    'Multi-factor authentication is required, and the user has no factor that can be used or set up.',
  ),
}

/** The error that the API answers for a refused sign-in. */
export function apiError(client: UserPoolClientSettings, reason: SignInRefusalReason, cause: Error): ApiError {
  const told = words[reason]
  const { refused, message } = (hidesExistence(client) && told.hidden) || told
  return new ApiError(refused, message, { cause })
}
