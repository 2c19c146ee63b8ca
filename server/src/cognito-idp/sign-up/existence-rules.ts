// PreventUserExistenceErrors at sign-up and recovery: the refusal for an unknown user, or for a user whose password
// cannot be reset. Pure. docs/reference/user-pools.md 3.4. The refusals at sign-in are sign-in/user-state-rules.ts.
//
// With ENABLED the response is the same as for a known user: a refusal of `undefined` means that the operation goes on
// with a simulated address (codes/simulated-contact.ts) and a decoy code (codes/simulated-code.ts).
import type { Refusal } from '../../refusal-rules.ts'
import { hidesExistence } from '../sign-in/user-state-rules.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import type { RecoveryRefusal } from './recovery-rules.ts'

type ExistenceRefusal = Refusal<'UserNotFoundException' | 'NotAuthorizedException' | 'InvalidParameterException'>

const UNKNOWN: ExistenceRefusal = {
  refused: 'UserNotFoundException',
  message: 'Username/client id combination not found.',
}

const REFUSALS: Readonly<Record<RecoveryRefusal, ExistenceRefusal>> = {
  unknown: UNKNOWN,
  disabled: { refused: 'NotAuthorizedException', message: 'User is disabled.' },
  'no-contact': {
    refused: 'InvalidParameterException',
    message: 'Cannot reset password for the user as there is no registered/verified email or phone_number',
  },
  'wrong-state': {
    refused: 'NotAuthorizedException',
    message: 'User password cannot be reset in the current state.',
  },
  'admin-only': { refused: 'NotAuthorizedException', message: 'Contact administrator to reset password.' },
}

/** The reasons hidden with ENABLED. A wrong state is not: apps then ask the user for the temporary password. */
const HIDDEN: ReadonlySet<RecoveryRefusal> = new Set(['unknown', 'disabled', 'no-contact'])

/** The refusal for an unknown user at the operations of this folder; undefined when the client hides who exists. */
export const unknownNameRefusal = (client: UserPoolClientSettings): ExistenceRefusal | undefined =>
  hidesExistence(client) ? undefined : UNKNOWN

/** The refusal when a password cannot be reset; undefined when the client hides the reason. */
export const recoveryRefusal = (
  client: UserPoolClientSettings,
  reason: RecoveryRefusal,
): ExistenceRefusal | undefined => (hidesExistence(client) && HIDDEN.has(reason) ? undefined : REFUSALS[reason])
