// The username of a new user, whether it needs a password, and its name in messages. Pure. Which names it then holds is
// user-name-rules.ts. docs/reference/user-pools.md 5.2, 7.5; docs/behaviour/users.md says what was chosen where the
// service's own behaviour is not known.
import type { DeliveryMediumType } from '../../contract/cognito-idp.types.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'
import { hasUsernameAttributes, isCaseSensitive, type UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { Attributes } from './attribute-rules.ts'
import { aliasFormProblem, isEmail, isPhoneNumber } from './name-form-rules.ts'
import { nameKey } from './user-name-rules.ts'

type Contact = 'email' | 'phone_number'

export type NewName = { username: string; attributes: Attributes } | Refusal

/**
 * The username and attributes of a new user with `sub` whose request has the Username `name`. In pools with username
 * attributes the name is an address or number, stored as that attribute, and the sub becomes the username.
 */
export function nameNewUser(settings: UserPoolSettings, sub: string, name: string, attributes: Attributes): NewName {
  if (hasUsernameAttributes(settings)) return nameByAttribute(settings, sub, name, attributes)
  const problem = aliasFormProblem(settings, 'Username', name)
  if (problem !== undefined) return invalid(problem)
  return { username: isCaseSensitive(settings) ? name : name.toLowerCase(), attributes }
}

function nameByAttribute(settings: UserPoolSettings, sub: string, name: string, attributes: Attributes): NewName {
  const allowed = settings.UsernameAttributes ?? []
  const contact = allowed.find((attribute) => (attribute === 'email' ? isEmail(name) : isPhoneNumber(name)))
  if (contact === undefined) return invalid(wrongForm(allowed))
  const given = attributes[contact]
  if (given === undefined || given === '') return { username: sub, attributes: { ...attributes, [contact]: name } }
  // Username and attribute name two addresses: the password must not be sent to one that was not meant.
  if (nameKey(settings, given) !== nameKey(settings, name))
    return invalid(`User ${contact} should be empty or same as username, since username attribute is ${contact}.`)
  return { username: sub, attributes }
}

function wrongForm(allowed: readonly string[]): string {
  if (allowed.length > 1) return 'Username should be either an email or a phone number.'
  return allowed[0] === 'email' ? 'Username should be an email.' : 'Username should be a phone number.'
}

/**
 * True when a user with these attributes can sign in by a one-time code, and so can be created without a password. Where
 * a second factor is required, codes are no first factor (docs/reference/user-pools.md 9.6).
 */
export function needsNoPassword(settings: UserPoolSettings, attributes: Attributes): boolean {
  if (settings.MfaConfiguration === 'ON') return false
  const factors = settings.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? []
  return (
    (factors.includes('EMAIL_OTP') && Boolean(attributes.email)) ||
    (factors.includes('SMS_OTP') && Boolean(attributes.phone_number))
  )
}

/** The user's name in a message sent to `contact`: one that the reader knows and can sign in with. */
export function nameInMessage(
  settings: UserPoolSettings,
  user: { username: string; attributes: Attributes },
  contact: Contact,
): string {
  const allowed = settings.UsernameAttributes ?? []
  const shown = allowed.includes(contact) ? contact : allowed.find((attribute) => user.attributes[attribute])
  return (shown && user.attributes[shown]) ?? user.username
}

/** True when the pool's invitation template for the medium has no placeholder for a password. */
export function invitesWithoutPassword(settings: UserPoolSettings, medium: DeliveryMediumType): boolean {
  const template = settings.AdminCreateUserConfig?.InviteMessageTemplate
  const words = medium === 'EMAIL' ? template?.EmailMessage : template?.SMSMessage
  return words !== undefined && !words.includes('{####}')
}
