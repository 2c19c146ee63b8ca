// A row of an import's file as a user. Pure. docs/reference/user-pools.md 16; docs/behaviour/user-import.md has what was
// chosen where that is silent. Names and attributes follow the rules of AdminCreateUser.
import type { AcceptedHashes } from '../../crypto/imported-hashes/hash-schemes.ts'
import { readHash } from '../../crypto/imported-hashes/hash-schemes.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { attributeProblem, mergeAttributes, missingRequiredProblem } from '../users/attribute-rules.ts'
import type { UserMfa } from '../users/mfa-settings.ts'
import { nameNewUser, needsNoPassword } from '../users/new-user-rules.ts'
import type { StoredUser } from '../users/user-store.ts'
import { autoVerified } from '../users/verification-rules.ts'
import { MFA_ENABLED, PASSWORD_HASH, USERNAME } from './header-rules.ts'

/** What a row says of its user. */
export interface ImportedUser extends Pick<StoredUser, 'username' | 'attributes' | 'mfa'> {
  readonly status: 'CONFIRMED' | 'RESET_REQUIRED'
  readonly hash: string | undefined
}

// UsernameType of the contract.
const NAME = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u

/**
 * The user of a row, `sub` being its own, or the text of the log line that says why there is none. `accepted`: the hashes
 * that the job takes; undefined for a job without passwords.
 */
export function userOfRow(
  settings: UserPoolSettings,
  accepted: AcceptedHashes | undefined,
  sub: string,
  columns: readonly string[],
  fields: readonly string[],
): ImportedUser | string {
  if (fields.length !== columns.length) return `The row has ${fields.length} fields, and the header ${columns.length}.`
  const values = new Map(columns.map((column, i) => [column, fields[i] ?? '']))
  const name = values.get(USERNAME) ?? ''
  if (!NAME.test(name)) return 'The User Record has no valid cognito:username.'
  const mfaEnabled = flagOf(values.get(MFA_ENABLED))
  if (mfaEnabled === undefined) return 'The User Record does not set cognito:mfa_enabled to true or false.'
  const given = attributesOf(values)
  if (typeof given === 'string') return given
  const named = nameNewUser(settings, sub, name, given)
  if ('refused' in named) return named.message
  const problem =
    attributeProblem(settings, named.attributes, 'new user') ??
    missingRequiredProblem(settings, named.attributes) ??
    unverifiedProblem(settings, named.attributes)
  // Several attributes are told of in as many lines, and a row has one in the log.
  if (problem !== undefined) return problem.trim().replaceAll('\n', ' ')
  const hash = values.get(PASSWORD_HASH) || undefined
  if (hash !== undefined && !readHash(hash, accepted)) return 'The password hash is not valid.'
  const attributes = mergeAttributes({}, named.attributes)
  const confirmed = hash !== undefined || needsNoPassword(settings, attributes)
  const mfa: UserMfa =
    mfaEnabled && attributes.phone_number ? { UserMFASettingList: ['SMS_MFA'], PreferredMfaSetting: 'SMS_MFA' } : {}
  return { username: named.username, attributes, mfa, status: confirmed ? 'CONFIRMED' : 'RESET_REQUIRED', hash }
}

const flagOf = (text = ''): boolean | undefined =>
  /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined

/** The attributes that have a value, in the order of the columns. */
function attributesOf(values: ReadonlyMap<string, string>): Record<string, string> | string {
  const attributes: Record<string, string> = {}
  for (const [name, value] of values)
    if (value !== '' && name !== USERNAME && name !== MFA_ENABLED && name !== PASSWORD_HASH) attributes[name] = value
  const { birthdate } = attributes
  if (birthdate === undefined) return attributes
  const stored = storedBirthdate(birthdate)
  return stored === undefined ? 'The birthdate is not of the form mm/dd/yyyy.' : { ...attributes, birthdate: stored }
}

/** A birthdate of a file (mm/dd/yyyy, or as it is stored) as it is stored (YYYY-MM-DD); undefined for no date. */
export function storedBirthdate(text: string): string | undefined {
  const [, month, day, year] = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(text) ?? []
  const stored = year === undefined ? text : `${year}-${month}-${day}`
  if (!/^\d{4}-\d\d-\d\d$/.test(stored)) return undefined
  const date = new Date(`${stored}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(stored) ? stored : undefined
}

/**
 * Users without a password reset it by a code that goes to a verified address or number, so the service asks for one of
 * those that the pool verifies by itself; a pool that verifies none asks for none.
 */
function unverifiedProblem(settings: UserPoolSettings, attributes: Record<string, string> | StoredUser['attributes']) {
  for (const contact of ['email', 'phone_number'] as const)
    if (flagOf(attributes[`${contact}_verified`]) && !attributes[contact])
      return `The User Record sets ${contact}_verified to true and has no ${contact}.`
  const verified = autoVerified(settings)
  if (verified.length === 0 || verified.some((contact) => flagOf(attributes[`${contact}_verified`]))) return undefined
  return 'The User Record does not set any of the auto verified attributes to true. (Example: email_verified to true).'
}
