// Which address or number a code is sent to when a user signs up or changes one. Pure; codes themselves are codes/.
// docs/reference/user-pools.md 5.3.
import { type Contact, isContact } from '../../messages/delivery-rules.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { type Attributes, mergeAttributes } from './attribute-rules.ts'

/** The text for attributes that cannot be verified by a code (docs/reference/user-pools.md 3.3). */
export const NOT_VERIFIABLE_MESSAGE = 'Invalid attribute name. Only phone_number and email can be verified.'

/** When a pool verifies both, SignUp sends its code to the phone number. */
const PHONE_FIRST: readonly Contact[] = ['phone_number', 'email']

/** AutoVerifiedAttributes of the pool, in the order in which SignUp prefers them. */
export const autoVerified = (settings: UserPoolSettings): Contact[] =>
  PHONE_FIRST.filter((contact) => settings.AutoVerifiedAttributes?.includes(contact))

/** Where SignUp sends its code; undefined when it sends none and an administrator must confirm the user. */
export const signUpContact = (settings: UserPoolSettings, attributes: Attributes): Contact | undefined =>
  autoVerified(settings).find((contact) => attributes[contact])

/** True when a new value of the attribute stays pending until verified, while the old one stays in use. */
export const waitsForVerification = (settings: UserPoolSettings, contact: Contact): boolean =>
  autoVerified(settings).includes(contact) &&
  (settings.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate ?? []).includes(contact)

/** A code to be sent. `pending`: the value replaces the user's present one only when it is verified. */
export interface CodeToSend {
  attribute: Contact
  value: string
  pending: boolean
}

export interface AttributeUpdate {
  attributes: Attributes
  codes: readonly CodeToSend[]
}

/**
 * The attributes after the user writes `changes` (checked before) over `current`, and the codes to send: a new address
 * or number is unverified, or stays pending where the pool requires verification first. An unchanged value sends no
 * code.
 */
export function updateAttributes(
  settings: UserPoolSettings,
  current: Attributes,
  changes: Attributes,
): AttributeUpdate {
  const direct: Record<string, string> = { ...changes }
  const codes: CodeToSend[] = []
  for (const [attribute, value] of Object.entries(changes)) {
    if (!isContact(attribute) || value === '' || value === current[attribute]) continue
    const pending = waitsForVerification(settings, attribute)
    if (pending) delete direct[attribute]
    else direct[`${attribute}_verified`] = 'false'
    if (autoVerified(settings).includes(attribute)) codes.push({ attribute, value, pending })
  }
  return { attributes: mergeAttributes(current, direct), codes }
}
