// Checks a user's attributes against the pool's schema: names, types, bounds, required and immutable ones. Pure. Which
// attributes a client may write is user-pool-clients/attribute-permission-rules.ts.
// docs/reference/user-pools.md 5.1, 3.3 (Attributes). Every `...Problem` returns the text of an
// InvalidParameterException, or undefined when nothing is wrong.
import type { AttributeType, SchemaAttributeType } from '../../contract/cognito-idp.types.ts'
import { identitiesText } from '../identities/identity-rules.ts'
import { limits } from '../limits.ts'
import { requiredAttributes, schemaOf } from '../user-pools/attribute-schema.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { aliasFormProblem, isEmail, isPhoneNumber } from './name-form-rules.ts'
import type { StoredUser } from './user-store.ts'

export type Attributes = Readonly<Record<string, string>>

const NUMBER = /^[+-]?\d{1,30}(\.\d{1,30})?$/
const DATE_TIME = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/

/** The list of a request as an object; of entries with the same name the last wins. */
export function attributesFromList(list: readonly AttributeType[] | undefined): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const { Name, Value } of list ?? []) if (Name !== '__proto__') attributes[Name] = Value ?? ''
  return attributes
}

/** Attributes as responses list them, `sub` first, then `identities` of a user who has any. */
export const attributeList = ({
  sub,
  attributes,
  identities,
}: Pick<StoredUser, 'sub' | 'attributes' | 'identities'>): AttributeType[] => [
  { Name: 'sub', Value: sub },
  ...(identities.length > 0 ? [{ Name: 'identities', Value: identitiesText(identities) }] : []),
  ...Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
]

/** An entry without a Value (an empty Value is valid: it deletes). */
export function missingValueProblem(list: readonly AttributeType[] | undefined): string | undefined {
  const missing = list?.find((attribute) => attribute.Value === undefined)
  return missing && `Attribute value for ${missing.Name} must not be null`
}

/**
 * Names outside of the schema, wrong types, values out of bounds, and preferred usernames in the form of an alias.
 * Empty values are not checked: they delete. The texts about the attributes of a new user and of a known one differ.
 */
export function attributeProblem(
  settings: UserPoolSettings,
  attributes: Attributes,
  of: 'new user' | 'user',
): string | undefined {
  const schema = schemaOf(settings)
  const unknown = Object.keys(attributes).filter((name) => !schema.has(name))
  if (unknown.length > 0) return schemaProblem(of, unknown, 'Attribute does not exist in the schema.')
  for (const [name, value] of Object.entries(attributes)) {
    const attribute = schema.get(name)
    if (!attribute || value === '') continue
    if (name === 'email' && !isEmail(value)) return 'Invalid email address format.'
    if (name === 'phone_number' && !isPhoneNumber(value)) return 'Invalid phone number format.'
    const problem = valueProblem(attribute, value)
    if (problem !== undefined) return schemaProblem(of, [name], problem)
    if (name !== 'preferred_username' || !settings.AliasAttributes?.includes(name)) continue
    const mistakable = aliasFormProblem(settings, 'Preferred username', value)
    if (mistakable !== undefined) return mistakable
  }
  return undefined
}

/** The text about attributes that break the schema, a line for each (docs/reference/user-pools.md 3.3, Attributes). */
function schemaProblem(of: 'new user' | 'user', names: readonly string[], problem: string): string {
  const lines = (prefix: string): string => names.map((name) => `${prefix}${name}: ${problem}\n`).join('')
  return of === 'user' ? lines('user.') : `Attributes did not conform to the schema: ${lines('')}`
}

/** Requested attributes that are not in the pool's schema. */
export function unknownAttributesProblem(settings: UserPoolSettings, names: readonly string[]): string | undefined {
  const schema = schemaOf(settings)
  const known = names.every((name) => name === 'identities' || schema.has(name))
  return known ? undefined : 'One or more requested attributes do not exist.'
}

/** Required attributes that are absent or empty, one to a line; `exempt` names those that may be missing. */
export function missingRequiredProblem(
  settings: UserPoolSettings,
  attributes: Attributes,
  exempt: readonly string[] = [],
): string | undefined {
  const missing = requiredAttributes(settings).filter((name) => !attributes[name] && !exempt.includes(name))
  return missing.length === 0 ? undefined : schemaProblem('new user', missing, 'The attribute is required')
}

/** Immutable attributes among `changes` that the user has already: an administrator may set them once. */
export const immutableProblem = (
  settings: UserPoolSettings,
  current: Attributes,
  changes: Attributes,
): string | undefined => fixedProblem(settings, changes, (name) => current[name] === undefined)

/**
 * Immutable attributes among `changes`, set or not: applications rely on users not writing them. `once` names those
 * that a challenge asks the user for.
 */
export const immutableForUserProblem = (
  settings: UserPoolSettings,
  changes: Attributes,
  once: readonly string[] = [],
): string | undefined => fixedProblem(settings, changes, (name) => once.includes(name))

function fixedProblem(settings: UserPoolSettings, changes: Attributes, open: (name: string) => boolean) {
  const schema = schemaOf(settings)
  const fixed = Object.keys(changes).filter(
    (changed) => changed === 'sub' || (schema.get(changed)?.Mutable === false && !open(changed)),
  )
  return fixed.length === 0 ? undefined : schemaProblem('user', fixed, 'Attribute cannot be updated.')
}

/** Required attributes among `names` (to be deleted, or sent empty). */
export function requiredDeletionProblem(settings: UserPoolSettings, names: readonly string[]): string | undefined {
  const required = requiredAttributes(settings)
  const name = names.find((deleted) => required.includes(deleted))
  return name === undefined ? undefined : `Invalid user attributes: ${name}: Required attribute cannot be deleted.`
}

/**
 * In a pool with username attributes, the user's last address or number, if `changes` delete it: the user could no
 * longer sign in (docs/behaviour/profile.md).
 */
export function lastSignInNameProblem(
  settings: UserPoolSettings,
  current: Attributes,
  changes: Attributes,
): string | undefined {
  const names: readonly string[] = settings.UsernameAttributes ?? []
  const deleted = names.find((name) => changes[name] === '' && current[name] !== undefined)
  const merged = mergeAttributes(current, changes)
  if (deleted === undefined || names.some((name) => merged[name])) return undefined
  return `Invalid user attributes: ${deleted}: Required attribute cannot be deleted.`
}

/** `current` with `changes` written over it: empty values delete; deleting a contact deletes its verification flag. */
export function mergeAttributes(current: Attributes, changes: Attributes): Record<string, string> {
  const merged: Record<string, string> = { ...current, ...normalised(changes) }
  for (const [name, value] of Object.entries(changes)) if (value === '') delete merged[name]
  for (const contact of ['email', 'phone_number'] as const)
    if (merged[contact] === undefined) delete merged[`${contact}_verified`]
  return merged
}

/** True when two sets of attributes are the same. */
export const sameAttributes = (one: Attributes, other: Attributes): boolean =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([name, value]) => other[name] === value)

function normalised(attributes: Attributes): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      name === 'email_verified' || name === 'phone_number_verified' ? value.toLowerCase() : value,
    ]),
  )
}

function valueProblem(attribute: SchemaAttributeType, value: string): string | undefined {
  if (value.length > limits.attributeValue.max)
    return `String must be shorter than ${limits.attributeValue.max} characters`
  switch (attribute.AttributeDataType) {
    case 'Boolean':
      return /^(true|false)$/i.test(value) ? undefined : 'Boolean must be true or false'
    case 'Number':
      return numberProblem(attribute, value)
    case 'DateTime':
      return DATE_TIME.test(value) || NUMBER.test(value) ? undefined : 'DateTime must be an ISO 8601 date'
    default:
      return textProblem(attribute, value)
  }
}

function textProblem(attribute: SchemaAttributeType, value: string): string | undefined {
  const { MinLength, MaxLength } = attribute.StringAttributeConstraints ?? {}
  const shortest = Number(MinLength ?? 0)
  const longest = Number(MaxLength ?? limits.attributeValue.max)
  const length = [...value].length
  if (length >= shortest && length <= longest) return undefined
  return `String must be between ${shortest} and ${longest} characters`
}

function numberProblem(attribute: SchemaAttributeType, value: string): string | undefined {
  if (!NUMBER.test(value)) return 'Value is not a number'
  const { MinValue, MaxValue } = attribute.NumberAttributeConstraints ?? {}
  if (MinValue !== undefined && Number(value) < Number(MinValue))
    return `Number must be greater than or equal to ${MinValue}`
  if (MaxValue !== undefined && Number(value) > Number(MaxValue))
    return `Number must be less than or equal to ${MaxValue}`
  return undefined
}
