// Whether an administrator may reset a user's password, and where the code is sent. Pure.
// docs/reference/user-pools.md 7.2, 22.

import type { Contact } from '../../messages/delivery-rules.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'
import { decideRecovery, type Recovery, recoveryOrder } from '../sign-up/recovery-rules.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { StoredUser } from './user-store.ts'

type State = Pick<StoredUser, 'enabled' | 'status' | 'attributes' | 'mfa'>

export type AdminReset =
  | { contact: Contact; value: string }
  | Refusal<'NotAuthorizedException' | 'InvalidParameterException'>

/** Statuses in which a password can be reset; RESET_REQUIRED: an earlier reset was not finished. */
const RESETTABLE: readonly string[] = ['CONFIRMED', 'RESET_REQUIRED']

/** Where the code goes: as at ForgotPassword, but also in pools where only administrators may reset. */
export function adminResetContact(settings: UserPoolSettings, user: State): AdminReset {
  if (!user.enabled) return { refused: 'NotAuthorizedException', message: 'User is disabled.' }
  if (!RESETTABLE.includes(user.status)) {
    return { refused: 'NotAuthorizedException', message: 'User password cannot be reset in the current state.' }
  }
  const adminOnly = recoveryOrder(settings).length === 0
  const rules = adminOnly ? { ...settings, AccountRecoverySetting: undefined } : settings
  const recovery: Recovery = decideRecovery(rules, user)
  if ('contact' in recovery) return recovery
  return invalid('Cannot reset password for the user as there is no registered/verified email or phone_number')
}
