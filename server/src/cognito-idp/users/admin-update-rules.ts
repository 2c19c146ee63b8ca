// What an administrator's write of attributes does. Pure. docs/reference/user-pools.md 5.3, 7.8.
import type { Contact } from '../../messages/delivery-rules.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { type Attributes, mergeAttributes } from './attribute-rules.ts'
import { type AttributeUpdate, updateAttributes, waitsForVerification } from './verification-rules.ts'

/** `replaced`: addresses that are another one now, or gone; codes on their way to the old one must not count. */
export interface AdminUpdate extends AttributeUpdate {
  replaced: readonly Contact[]
}

const CONTACTS: readonly Contact[] = ['email', 'phone_number']

/**
 * What becomes of `current` by `changes` (checked before). As when its user writes, but an address that is marked
 * verified in the same request is taken over at once, and no code is sent.
 */
export function adminUpdate(settings: UserPoolSettings, current: Attributes, changes: Attributes): AdminUpdate {
  const others: Record<string, string> = { ...changes }
  const vouched: Record<string, string> = {}
  for (const contact of CONTACTS) {
    const value = changes[contact]
    const flag = `${contact}_verified`
    if (!value) continue
    if (changes[flag]?.toLowerCase() === 'true') {
      vouched[contact] = value
      vouched[flag] = 'true'
      delete others[contact]
      delete others[flag]
    } else if (value !== current[contact] && waitsForVerification(settings, contact)) {
      // The flag is said of the new address; the old one keeps its own until the new one is verified.
      delete others[flag]
    }
  }
  const { attributes, codes } = updateAttributes(settings, current, others)
  const after = mergeAttributes(attributes, vouched)
  return { attributes: after, codes, replaced: CONTACTS.filter((contact) => current[contact] !== after[contact]) }
}
