// What form a text has as a name: an e-mail address, a phone number, or neither. Pure.
// docs/reference/user-pools.md 5.1, 5.2; docs/behaviour/users.md says what was chosen for spellings that look alike.
//
// Names are compared after NFKC (user-name-rules.ts), so their form is that of the text after NFKC: whatever has the
// key of an address has its form as well. An address itself is only taken in this form: what a user proves to own is
// then the very text that the name stands for.
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'

type Contact = 'email' | 'phone_number'

// One @, and nothing that separates, quotes or ends an address: strict enough that a message goes to one recipient only.
const PART = '[^\\s@<>(),;:"\\\\[\\]\\p{C}]'
const EMAIL = new RegExp(`^${PART}{1,64}@${PART}{1,255}$`, 'u')
// Without bounds: letters may become more by folding, and a name must not be an address by that.
const EMAIL_FORM = new RegExp(`^${PART}+@${PART}+$`, 'u')
const PHONE_NUMBER = /^\+[0-9]{1,15}$/

/** A name without the differences between spellings that look alike. */
export const normalName = (name: string): string => name.normalize('NFKC')

export const isEmail = (value: string): boolean => EMAIL.test(value) && value === normalName(value)
export const isPhoneNumber = (value: string): boolean => PHONE_NUMBER.test(value)

/** What kind of address a name may be taken for, however it is spelt. */
export function contactForm(name: string): Contact | undefined {
  const normal = normalName(name)
  if (EMAIL_FORM.test(normal)) return 'email'
  return isPhoneNumber(normal) ? 'phone_number' : undefined
}

/** A name that users choose freely, and so one that must not be the address of somebody else. */
export type FreeName = 'Username' | 'Preferred username'

const FORM: Readonly<Record<Contact, string>> = { email: 'email', phone_number: 'phone number' }

/** A freely chosen name that has the form of an alias of the pool, as the text of InvalidParameterException. */
export function aliasFormProblem(settings: UserPoolSettings, kind: FreeName, name: string): string | undefined {
  const form = contactForm(name)
  if (form === undefined || !settings.AliasAttributes?.includes(form)) return undefined
  return `${kind} cannot be of ${FORM[form]} format, since user pool is configured for ${FORM[form]} alias.`
}
