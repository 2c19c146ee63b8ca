// Whether a name has the form of an e-mail address, of a phone number, or of neither. Pure.
// docs/reference/user-pools.md 5.1, 5.2; docs/behaviour/users.md says what was chosen for spellings that look alike.
//
// Names are compared after Unicode normalisation to NFKC (user-name-rules.ts), so the form is that of the normalised
// name: every name with the key of an address also has the form of an address. Addresses themselves are accepted only
// in normalised form, so that the address that a code is sent to is exactly the one that is compared.
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'

type Contact = 'email' | 'phone_number'

// One @, and nothing that separates, quotes or ends an address: strict enough that a message goes to one recipient
// only.
const PART = '[^\\s@<>(),;:"\\\\[\\]\\p{C}]'
const EMAIL = new RegExp(`^${PART}{1,64}@${PART}{1,255}$`, 'u')
// Without bounds on the length: lower-casing may lengthen a name, which must not change its form.
const EMAIL_FORM = new RegExp(`^${PART}+@${PART}+$`, 'u')
const PHONE_NUMBER = /^\+[0-9]{1,15}$/

/** A name in NFKC, without the differences between spellings that look alike. */
export const normalName = (name: string): string => name.normalize('NFKC')

export const isEmail = (value: string): boolean => EMAIL.test(value) && value === normalName(value)
export const isPhoneNumber = (value: string): boolean => PHONE_NUMBER.test(value)

/** The kind of address that a name has the form of, in any spelling; undefined when it has none. */
export function contactForm(name: string): Contact | undefined {
  const normal = normalName(name)
  if (EMAIL_FORM.test(normal)) return 'email'
  return isPhoneNumber(normal) ? 'phone_number' : undefined
}

/** The names that users choose freely, which must therefore not have the form of an address. */
export type FreeName = 'Username' | 'Preferred username'

const FORM: Readonly<Record<Contact, string>> = { email: 'email', phone_number: 'phone number' }

/**
 * The problem of a freely chosen name that has the form of an alias of the pool (text of InvalidParameterException).
 */
export function aliasFormProblem(settings: UserPoolSettings, kind: FreeName, name: string): string | undefined {
  const form = contactForm(name)
  if (form === undefined || !settings.AliasAttributes?.includes(form)) return undefined
  return `${kind} cannot be of ${FORM[form]} format, since user pool is configured for ${FORM[form]} alias.`
}
