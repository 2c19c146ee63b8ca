// Whether a user may reset a forgotten password, and where the code is sent. Pure. What a refusal says to the client is
// existence-rules.ts. docs/reference/user-pools.md 5.8, 7.2, 22.
import type { Contact } from '../../messages/delivery-rules.ts'
import { secondFactorsOf } from '../sign-in/factor-rules.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { mfaSettings, turnedOnFactors } from '../users/mfa-settings.ts'
import type { StoredUser } from '../users/user-store.ts'

/** Why no code is sent. */
export type RecoveryRefusal = 'unknown' | 'disabled' | 'wrong-state' | 'no-contact' | 'admin-only'

export type Recovery = { contact: Contact; value: string } | { refused: RecoveryRefusal }

/** The order in pools without an AccountRecoverySetting. */
const LEGACY_ORDER: readonly Contact[] = ['phone_number', 'email']

const CONTACT_OF: Readonly<Record<string, Contact>> = { verified_email: 'email', verified_phone_number: 'phone_number' }

/** The contacts that recovery uses, the preferred one first; empty when only an administrator can reset passwords. */
export function recoveryOrder(settings: UserPoolSettings): readonly Contact[] {
  const mechanisms = settings.AccountRecoverySetting?.RecoveryMechanisms
  if (!mechanisms || mechanisms.length === 0) return LEGACY_ORDER
  return [...mechanisms].sort((a, b) => a.Priority - b.Priority).flatMap(({ Name }) => CONTACT_OF[Name] ?? [])
}

type State = Pick<StoredUser, 'enabled' | 'status' | 'attributes' | 'mfa'>

/** Why a user's password cannot be reset by a code; undefined when it can. */
export function resetRefusal(user: Pick<State, 'enabled' | 'status'>): 'disabled' | 'wrong-state' | undefined {
  if (!user.enabled) return 'disabled'
  return user.status === 'FORCE_CHANGE_PASSWORD' || user.status === 'EXTERNAL_PROVIDER' ? 'wrong-state' : undefined
}

/**
 * Where the code for a forgotten password is sent: the first verified contact in `order` that is not also a second
 * factor. `order`: the contacts that may be used, the preferred one first.
 */
export function decideRecovery(
  settings: UserPoolSettings,
  user: State | undefined,
  order: readonly Contact[] = recoveryOrder(settings),
): Recovery {
  if (order.length === 0) return { refused: 'admin-only' }
  if (!user) return { refused: 'unknown' }
  const refused = resetRefusal(user)
  if (refused !== undefined) return { refused }
  const factors = factorsOf(settings, user)
  for (const contact of order) {
    const value = user.attributes[contact]
    if (value && user.attributes[`${contact}_verified`] === 'true' && !factors.has(contact)) return { contact, value }
  }
  return { refused: 'no-contact' }
}

/**
 * The contacts that are second factors, which must not reset the first one as well: the phone number when SMS is the
 * preferred factor, the address when e-mail is an active one.
 */
function factorsOf(
  settings: UserPoolSettings,
  user: Pick<State, 'status' | 'attributes' | 'mfa'>,
): ReadonlySet<Contact> {
  if ((settings.MfaConfiguration ?? 'OFF') === 'OFF') return new Set()
  const { PreferredMfaSetting, MFAOptions = [] } = mfaSettings(user)
  // Those that are turned on, and where the pool requires a factor those that are asked for all the same.
  const active = new Set<string>([...turnedOnFactors(user.mfa), ...secondFactorsOf(settings, user).secondFactors])
  // A passkey is asked for as the first factor alone: whoever resets the password is asked for another one.
  active.delete('WEB_AUTHN')
  const factors = new Set<Contact>()
  const onlySms = PreferredMfaSetting === undefined && active.size === 1 && active.has('SMS_MFA')
  if (PreferredMfaSetting === 'SMS_MFA' || onlySms || MFAOptions.length > 0) factors.add('phone_number')
  if (active.has('EMAIL_OTP') || PreferredMfaSetting === 'EMAIL_OTP') factors.add('email')
  return factors
}
