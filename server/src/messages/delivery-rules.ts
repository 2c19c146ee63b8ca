// The medium of a message and the masked form of its destination. Pure. docs/reference/user-pools.md 14, 4 (masks).
import type { CodeDeliveryDetailsType } from '../contract/cognito-idp.types.ts'

/** Attributes that messages can be sent to. */
export type Contact = 'email' | 'phone_number'

export const isContact = (name: string): name is Contact => name === 'email' || name === 'phone_number'

export const mediumOf = (attribute: Contact): 'EMAIL' | 'SMS' => (attribute === 'email' ? 'EMAIL' : 'SMS')

/** `f***@e***`, `+*******9934`. */
export function maskDestination(attribute: Contact, value: string): string {
  if (attribute === 'phone_number') {
    const digits = value.slice(1)
    return `+${'*'.repeat(Math.max(0, digits.length - 4))}${digits.slice(-4)}`
  }
  const [local = '', domain = ''] = value.split('@')
  return `${[...local][0] ?? ''}***@${[...domain][0] ?? ''}***`
}

export const deliveryDetails = (attribute: Contact, value: string): CodeDeliveryDetailsType => ({
  AttributeName: attribute,
  DeliveryMedium: mediumOf(attribute),
  Destination: maskDestination(attribute, value),
})
