// PreventUserExistenceErrors at sign-up and recovery: what an operation answers about a name that belongs to nobody, or
// to a user it cannot serve. Pure. docs/reference/user-pools.md 3.4. The rows about signing in are
// sign-in/user-state-rules.ts.
//
// A client with ENABLED gets the answer that an ordinary user would have given; a refusal of `undefined` means that the
// operation goes on as if: with `simulatedContact` for what it would have found, and a code that nobody has
// (simulated-code.ts).
import type { Contact } from '../../messages/delivery-rules.ts'
import type { Refusal } from '../../refusal-rules.ts'
import { hidesExistence } from '../sign-in/user-state-rules.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import { isCaseSensitive, type UserPoolSettings } from '../user-pools/pool-settings.ts'
import { isEmail, isPhoneNumber, normalName } from '../users/name-form-rules.ts'
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

/** What is hidden. A wrong state is told in both modes: apps send such a user to the temporary password. */
const HIDDEN: ReadonlySet<RecoveryRefusal> = new Set(['unknown', 'disabled', 'no-contact'])

/** What a name that belongs to nobody is told, at every operation of this family but SignUp. */
export const unknownNameRefusal = (client: UserPoolClientSettings): ExistenceRefusal | undefined =>
  hidesExistence(client) ? undefined : UNKNOWN

/** What somebody is told whose password cannot be reset. */
export const recoveryRefusal = (
  client: UserPoolClientSettings,
  reason: RecoveryRefusal,
): ExistenceRefusal | undefined => (hidesExistence(client) && HIDDEN.has(reason) ? undefined : REFUSALS[reason])

// First letters of the mail providers that most addresses belong to, about as often as they are met.
const DOMAIN_LETTERS = 'gggggggghhooyyic'
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

export interface SimulatedContact {
  attribute: Contact
  value: string
  /** True when it is the name itself, so that somebody may have it; what is made up is shared by many names. */
  own: boolean
}

/**
 * An address to show for a name that has none: the name itself when it is one that a code could go to, else one made of
 * `bytes`, which must be the same for the same name. `order`: where codes go in this pool, the preferred one first.
 */
export function simulatedContact(
  settings: UserPoolSettings,
  order: readonly Contact[],
  name: string,
  bytes: Uint8Array,
): SimulatedContact {
  // As the user's own would be: a name in another spelling finds the same user.
  const address = normalName(name)
  const own = order.find((contact) => (contact === 'email' ? isEmail(address) : isPhoneNumber(address)))
  if (own) return { attribute: own, value: isCaseSensitive(settings) ? address : address.toLowerCase(), own: true }
  const byte = (position: number): number => bytes[position] as number
  const attribute = usual(settings, order)
  if (attribute === 'phone_number') {
    const digits = Array.from({ length: 4 }, (_, position) => byte(position) % 10).join('')
    return { attribute, value: `+1555555${digits}`, own: false }
  }
  return { attribute, value: `${LETTERS[byte(0) % 26]}@${DOMAIN_LETTERS[byte(1) % 16]}`, own: false }
}

/** Where most users of the pool get their codes: what it verifies, in the order it prefers. */
const usual = (settings: UserPoolSettings, order: readonly Contact[]): Contact =>
  order.find((contact) => settings.AutoVerifiedAttributes?.includes(contact)) ?? order[0] ?? 'email'
