// What an administrator's write of attributes does. Pure. docs/reference/user-pools.md 5.3, 7.8.
import type { Contact } from '../../messages/delivery-rules.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { type Attributes, mergeAttributes } from './attribute-rules.ts'
import { type AttributeUpdate, updateAttributes, waitsForVerification } from './verification-rules.ts'

/** `replaced`: contacts whose value has changed or was deleted; codes sent to the old value must become invalid. */
export interface AdminUpdate extends AttributeUpdate {
  replaced: readonly Contact[]
}

const CONTACTS: readonly Contact[] = ['email', 'phone_number']

/**
 * The attributes after an administrator writes `changes` (checked before) over `current`. As when the user writes,
 * except that an address or number marked verified in the same request is replaced at once, and no code is sent to it.
 */
export function adminUpdate(settings: UserPoolSettings, current: Attributes, changes: Attributes): AdminUpdate {
  const unverified: Record<string, string> = { ...changes }
  const verified: Record<string, string> = {}
  for (const contact of CONTACTS) {
    const value = changes[contact]
    const flag = `${contact}_verified`
    if (!value) continue
    if (changes[flag]?.toLowerCase() === 'true') {
      verified[contact] = value
      verified[flag] = 'true'
      delete unverified[contact]
      delete unverified[flag]
    } else if (value !== current[contact] && waitsForVerification(settings, contact)) {
      // The flag is about the new value; the old value keeps its own flag until the new one is verified.
      delete unverified[flag]
    }
  }
  const { attributes, codes } = updateAttributes(settings, current, unverified)
  const after = mergeAttributes(attributes, verified)
  return { attributes: after, codes, replaced: CONTACTS.filter((contact) => current[contact] !== after[contact]) }
}
