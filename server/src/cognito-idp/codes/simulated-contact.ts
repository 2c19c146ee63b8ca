// The address or number to name where a code is only simulated (simulated-code.ts): for names that belong to nobody, at
// clients that hide who exists. Pure. docs/behaviour/sign-up.md.
import { variables } from '../../config/env.ts'
import { parseMailbox } from '../../config/mail-address-rules.ts'
import type { Contact } from '../../messages/delivery-rules.ts'
import { isCaseSensitive, type UserPoolSettings } from '../user-pools/pool-settings.ts'
import { isEmail, isPhoneNumber, normalName } from '../users/name-form-rules.ts'

/** Each character as often as its weight says. */
const weighted = (weights: Readonly<Record<string, number>>): string =>
  Object.entries(weights)
    .map(([character, weight]) => character.repeat(weight))
    .join('')

// About how often addresses begin with each character: mail providers make a few letters of domains common, first names
// those of mailboxes, but any can occur. The weights are estimates.
// biome-ignore format: a table
const DOMAIN_LETTERS = weighted({
  g: 380, h: 90, y: 80, o: 70, i: 40, a: 40, m: 40, c: 36, s: 34, t: 26, p: 20, l: 20, w: 18, b: 18, e: 16, d: 14,
  f: 12, n: 10, r: 10, v: 6, k: 6, q: 4, u: 4, z: 3, j: 2, x: 1,
})
// biome-ignore format: a table
const MAILBOX_LETTERS = weighted({
  j: 95, a: 95, m: 95, s: 85, c: 70, d: 60, r: 55, l: 50, b: 50, k: 50, t: 45, e: 45, p: 40, n: 35, h: 35, g: 30, f: 25,
  i: 25, v: 20, w: 20, o: 12, y: 10, z: 8, u: 3, q: 3, x: 2,
})

export interface SimulatedContact {
  attribute: Contact
  value: string
}

/**
 * The address to show when there is none to send to: the name itself when it has the form of an address or number that
 * the pool sends codes to, else one invented from `bytes`, which must be the same for the same name. `order`: the
 * contacts that codes are sent to in this pool, the preferred one first. `sender`: the mailbox that sends the pool's
 * e-mail.
 */
export function simulatedContact(
  settings: UserPoolSettings,
  order: readonly Contact[],
  name: string,
  bytes: Uint8Array,
  sender: string,
): SimulatedContact {
  // In the spelling that a stored address would have, as other spellings of the name would find the same user.
  const address = normalName(name)
  const own = order.find((contact) => (contact === 'email' ? isEmail(address) : isPhoneNumber(address)))
  if (own) return { attribute: own, value: isCaseSensitive(settings) ? address : address.toLowerCase() }
  const byte = (position: number): number => bytes[position] as number
  const attribute = usualContact(settings, order)
  if (attribute === 'phone_number') {
    const digits = Array.from({ length: 4 }, (_, position) => byte(position) % 10).join('')
    return { attribute, value: `+1555555${digits}` }
  }
  const draw = (from: string, position: number): string =>
    from[(byte(position) * 256 + byte(position + 1)) % from.length] as string
  // Many people have a mailbox that begins as their username does.
  const [first = ''] = address.toLowerCase()
  const mailbox = byte(4) < 128 && /[a-z0-9]/.test(first) ? first : draw(MAILBOX_LETTERS, 0)
  const home = settings.AdminCreateUserConfig?.AllowAdminCreateUserOnly ? homeLetters(sender) : ''
  const domain = byte(5) < 128 && home !== '' ? draw(home, 2) : draw(DOMAIN_LETTERS, 2)
  return { attribute, value: `${mailbox}@${domain}` }
}

/**
 * The letters with which the domain of an organisation may begin that sends from `sender`: those of its labels but the last,
 * as mail often comes from a subdomain of the domain that the users have. Where administrators alone make users, these
 * often are of that one domain; where everybody may sign up, SignUp tells which names are taken anyway. None for a sender
 * that nobody has set.
 */
function homeLetters(sender: string): string {
  if (sender === variables.MAIL_FROM.default) return ''
  const [, domain = ''] = parseMailbox(sender)?.address.toLowerCase().split('@') ?? []
  const labels = domain.split('.').slice(0, -1)
  return labels.map((label) => label[0] ?? '').join('')
}

/** The contact that most users of the pool get codes at: the first in `order` that the pool verifies automatically. */
const usualContact = (settings: UserPoolSettings, order: readonly Contact[]): Contact =>
  order.find((contact) => settings.AutoVerifiedAttributes?.includes(contact)) ?? order[0] ?? 'email'
