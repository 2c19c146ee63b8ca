// May an administrator reset this user's password, and where does the code go? Pure.
// docs/reference/user-pools.md 7.2, 22.

import type { Contact } from '../../messages/delivery-rules.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'
import { decideRecovery, type Recovery, recoveryOrder } from '../sign-up/recovery-rules.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { StoredUser } from './user-store.ts'

type State = Pick<StoredUser, 'status' | 'attributes' | 'mfa'>

export type AdminReset =
  | { contact: Contact; value: string }
  | Refusal<'NotAuthorizedException' | 'InvalidParameterException'>

/** Whose password can be reset: who is confirmed, and who was and has not finished an earlier reset. */
const RESETTABLE: readonly string[] = ['CONFIRMED', 'RESET_REQUIRED']

/** Recovery as when the user asks for it, but for disabled users too, and where only administrators may reset. */
export function adminResetContact(settings: UserPoolSettings, user: State): AdminReset {
  if (!RESETTABLE.includes(user.status)) {
    return { refused: 'NotAuthorizedException', message: 'User password cannot be reset in the current state.' }
  }
  const adminOnly = recoveryOrder(settings).length === 0
  const rules = adminOnly ? { ...settings, AccountRecoverySetting: undefined } : settings
  const recovery: Recovery = decideRecovery(rules, { ...user, enabled: true })
  if ('contact' in recovery) return recovery
  return invalid('Cannot reset password for the user as there is no registered/verified email or phone_number')
}
