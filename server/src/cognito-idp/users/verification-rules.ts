// Which address or number a code is sent to when a user signs up or changes one. Pure.
// docs/reference/user-pools.md 5.3.
import { type Contact, isContact } from '../../messages/delivery-rules.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { type Attributes, mergeAttributes } from './attribute-rules.ts'

/** The text for attributes that no code can prove (docs/reference/user-pools.md 3.3). */
export const NOT_VERIFIABLE_MESSAGE = 'Invalid attribute name. Only phone_number and email can be verified.'

/** When both are to be verified, a sign-up is confirmed by phone. */
const PHONE_FIRST: readonly Contact[] = ['phone_number', 'email']

/** What the pool verifies by itself, in the order in which sign-up prefers it. */
export const autoVerified = (settings: UserPoolSettings): Contact[] =>
  PHONE_FIRST.filter((contact) => settings.AutoVerifiedAttributes?.includes(contact))

/** Where the code of a sign-up goes; undefined: no code is sent, an administrator must confirm the user. */
export const signUpContact = (settings: UserPoolSettings, attributes: Attributes): Contact | undefined =>
  autoVerified(settings).find((contact) => attributes[contact])

/** True when a new value of the attribute waits for its verification while the old one stays in use. */
export const waitsForVerification = (settings: UserPoolSettings, contact: Contact): boolean =>
  autoVerified(settings).includes(contact) &&
  (settings.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate ?? []).includes(contact)

/** A code to be sent. `pending`: the value is not yet the user's. */
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
 * What becomes of `current` when its user sends `changes` (checked before): a new address or number is unverified, and
 * where the pool says so it is not taken over before it is verified. The value that is there already sends no code.
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
