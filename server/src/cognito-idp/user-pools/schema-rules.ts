// The Schema of CreateUserPool and AddCustomAttributes: which attributes are valid, and what is stored of them. Pure.
// Reading a stored schema is attribute-schema.ts. docs/reference/user-pools.md 5.1, 3.3 (Pool and client
// configuration).
import type { SchemaAttributeType } from '../../contract/cognito-idp.types.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'
import { isStandardAttribute, standardAttributes } from './attribute-schema.ts'

/** The default of Mutable for custom attributes (docs/behaviour/user-pools.md). */
const CUSTOM_ATTRIBUTES_ARE_MUTABLE = true

/** The name that an attribute of a request has in user profiles: custom ones get a prefix. */
function fullAttributeName({ Name = '', DeveloperOnlyAttribute }: SchemaAttributeType): string {
  if (isStandardAttribute(Name)) return Name
  return DeveloperOnlyAttribute ? `dev:custom:${Name}` : `custom:${Name}`
}

/**
 * The stored schema: all standard attributes, with the changes in `given`, then the custom ones in the order of
 * `given`.
 */
export function mergeSchema(given: readonly SchemaAttributeType[]): SchemaAttributeType[] {
  const byName = new Map(given.map((attribute) => [attribute.Name, attribute]))
  const standard = standardAttributes.map((attribute) => mergeStandard(attribute, byName.get(attribute.Name)))
  return [...standard, ...given.filter((attribute) => !isStandardAttribute(attribute.Name ?? '')).map(customAttribute)]
}

/** Why the Schema of a new pool is refused; undefined when it is not. */
export function schemaRefusal(given: readonly SchemaAttributeType[]): Refusal | undefined {
  const seen = new Set<string>()
  for (const attribute of given) {
    const name = fullAttributeName(attribute)
    if (seen.has(name))
      return invalid(`Duplicate custom attribute names ${name} are not allowed in a user pool schema.`)
    seen.add(name)
    const refusal = isStandardAttribute(attribute.Name ?? '')
      ? standardRefusal(attribute)
      : customAttributeRefusal(attribute)
    if (refusal) return refusal
  }
  return undefined
}

/** Why AddCustomAttributes may not add `given` to a pool with the schema `current`; undefined when it may. */
export function additionRefusal(
  current: readonly SchemaAttributeType[],
  given: readonly SchemaAttributeType[],
): Refusal | undefined {
  const names = new Set(current.map((attribute) => attribute.Name))
  for (const attribute of given) {
    // Even the name of a standard attribute gets the prefix here: this operation adds only custom ones.
    const name = customAttribute(attribute).Name as string
    const refusal = customAttributeRefusal(attribute)
    if (refusal) return refusal
    if (names.has(name)) return invalid(`${name}: Existing attribute already has name ${name}.`)
    names.add(name)
  }
  const custom = [...names].filter((name) => !isStandardAttribute(name ?? '')).length
  return custom > limits.customAttributes.max
    ? invalid(`A user pool can not have more than ${limits.customAttributes.max} custom attributes.`)
    : undefined
}

/** A custom attribute as it is stored. */
export function customAttribute(given: SchemaAttributeType): SchemaAttributeType {
  const developerOnly = given.DeveloperOnlyAttribute ?? false
  return {
    Name: developerOnly ? `dev:custom:${given.Name}` : `custom:${given.Name}`,
    AttributeDataType: given.AttributeDataType,
    DeveloperOnlyAttribute: developerOnly,
    Mutable: given.Mutable ?? CUSTOM_ATTRIBUTES_ARE_MUTABLE,
    Required: false,
    ...constraintsOf(given, {}),
  }
}

// The server sets `sub`: a request cannot change it.
function mergeStandard(attribute: SchemaAttributeType, given: SchemaAttributeType | undefined): SchemaAttributeType {
  if (!given || attribute.Name === 'sub') return attribute
  return {
    ...attribute,
    Mutable: given.Mutable ?? attribute.Mutable,
    Required: given.Required ?? attribute.Required,
    ...constraintsOf({ ...given, AttributeDataType: attribute.AttributeDataType }, attribute),
  }
}

/** The constraints for the attribute's type; those for another type are dropped (docs/reference/user-pools.md 5.1). */
function constraintsOf(given: SchemaAttributeType, defaults: SchemaAttributeType): Partial<SchemaAttributeType> {
  const { AttributeDataType: type } = given
  if (type === 'String')
    return {
      StringAttributeConstraints: { ...defaults.StringAttributeConstraints, ...given.StringAttributeConstraints },
    }
  if (type === 'Number')
    return {
      NumberAttributeConstraints: { ...defaults.NumberAttributeConstraints, ...given.NumberAttributeConstraints },
    }
  return {}
}

function standardRefusal(given: SchemaAttributeType): Refusal | undefined {
  const standard = standardAttributes.find((attribute) => attribute.Name === given.Name) as SchemaAttributeType
  const type = standard.AttributeDataType
  if (given.DeveloperOnlyAttribute || (given.AttributeDataType ?? type) !== type) {
    return invalid(
      `You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute ${given.Name}`,
    )
  }
  return constraintRefusal(mergeStandard(standard, given))
}

function customAttributeRefusal(given: SchemaAttributeType): Refusal | undefined {
  if (!given.Name) return invalid('Schema attributes must have a name.')
  if (!given.AttributeDataType)
    return invalid('Invalid AttributeDataType input, consider using the provided AttributeDataType enum.')
  if (given.Required) return invalid('Required custom attributes are not supported currently.')
  return constraintRefusal(customAttribute(given))
}

const WHOLE_NUMBER = /^\d{1,10}$/
const ANY_NUMBER = /^[+-]?\d{1,30}(\.\d{1,30})?$/

function constraintRefusal(attribute: SchemaAttributeType): Refusal | undefined {
  const { Name: name, StringAttributeConstraints: text, NumberAttributeConstraints: number } = attribute
  const lengths = [text?.MinLength, text?.MaxLength].filter((length) => length !== undefined)
  if (!lengths.every((length) => WHOLE_NUMBER.test(length)))
    return invalid(`Invalid StringAttributeConstraints for schema attribute ${name}`)
  if (lengths.some((length) => Number(length) > limits.attributeValue.max))
    return invalid(`user.${name}: String attributes cannot have a length of more than ${limits.attributeValue.max}`)
  if (isBelow(text?.MaxLength, text?.MinLength))
    return invalid(`user.${name}: Max length cannot be less than min length.`)
  const bounds = [number?.MinValue, number?.MaxValue].filter((bound) => bound !== undefined)
  if (!bounds.every((bound) => ANY_NUMBER.test(bound)))
    return invalid(`Invalid NumberAttributeConstraints for schema attribute ${name}`)
  if (isBelow(number?.MaxValue, number?.MinValue))
    return invalid(`user.${name}: Max value cannot be less than min value.`)
  return undefined
}

const isBelow = (max: string | undefined, min: string | undefined): boolean =>
  max !== undefined && min !== undefined && Number(max) < Number(min)
