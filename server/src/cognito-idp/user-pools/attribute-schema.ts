// A pool's schema: the standard attributes with their defaults, and reading the schema from settings. Pure. Which
// schema a request may define is schema-rules.ts. docs/reference/user-pools.md 5.1.
import type { SchemaAttributeType } from '../../contract/cognito-idp.types.ts'
import type { UserPoolSettings } from './pool-settings.ts'

const text = (name: string, shortest = '0', longest = '2048'): SchemaAttributeType => ({
  Name: name,
  AttributeDataType: 'String',
  DeveloperOnlyAttribute: false,
  Mutable: true,
  Required: false,
  StringAttributeConstraints: { MinLength: shortest, MaxLength: longest },
})
const flag = (name: string): SchemaAttributeType => ({
  Name: name,
  AttributeDataType: 'Boolean',
  DeveloperOnlyAttribute: false,
  Mutable: true,
  Required: false,
})

/** Standard attributes in the order of the service's responses, with their defaults. */
export const standardAttributes: readonly SchemaAttributeType[] = [
  { ...text('sub', '1'), Mutable: false, Required: true },
  text('name'),
  text('given_name'),
  text('family_name'),
  text('middle_name'),
  text('nickname'),
  text('preferred_username'),
  text('profile'),
  text('picture'),
  text('website'),
  text('email'),
  flag('email_verified'),
  text('gender'),
  text('birthdate', '10', '10'),
  text('zoneinfo'),
  text('locale'),
  text('phone_number'),
  flag('phone_number_verified'),
  text('address'),
  {
    Name: 'updated_at',
    AttributeDataType: 'Number',
    DeveloperOnlyAttribute: false,
    Mutable: true,
    Required: false,
    NumberAttributeConstraints: { MinValue: '0' },
  },
]

export const isStandardAttribute = (name: string): boolean =>
  standardAttributes.some((attribute) => attribute.Name === name)

// Memoised: settings are never changed in place, and an entry is garbage-collected with its settings.
const schemas = new WeakMap<UserPoolSettings, ReadonlyMap<string, SchemaAttributeType>>()

/** The pool's attributes by name. */
export function schemaOf(settings: UserPoolSettings): ReadonlyMap<string, SchemaAttributeType> {
  const known = schemas.get(settings)
  if (known) return known
  const schema = new Map(settings.SchemaAttributes.map((attribute) => [attribute.Name as string, attribute]))
  schemas.set(settings, schema)
  return schema
}

/** Names of the attributes that every user of the pool must have, `sub` aside. */
export const requiredAttributes = (settings: UserPoolSettings): string[] =>
  settings.SchemaAttributes.filter((attribute) => attribute.Required && attribute.Name !== 'sub').map(
    (attribute) => attribute.Name as string,
  )
