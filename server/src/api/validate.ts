// Checks an input against the constraints of the contract and words all violations as one message, as the services do
// (docs/reference/user-pools.md 3.2). Not here: types of members, which the protocols check while reading.
import { type MemberModel, matches, type ServiceModel, type Shape } from '../contract/service-model.ts'
import type { Service } from '../service.ts'
import { limits } from './limits.ts'

/** Entries of a list or map that fit into a shown value: each takes at least two characters. */
const MAX_ENTRIES_SHOWN = limits.valueShown.max / 2

/**
 * The message for an input that violates constraints (InvalidParameterException in user pools); undefined for a valid
 * one.
 */
export function findViolations(
  { model, constraintOverrides }: Pick<Service, 'model' | 'constraintOverrides'>,
  operation: string,
  shapeName: string | undefined,
  input: unknown,
): string | undefined {
  if (shapeName === undefined) return undefined
  const violations: string[] = []
  check({ model, violations, overrides: constraintOverrides?.[operation] }, shapeName, input, '')
  if (violations.length === 0) return undefined
  const shown = violations.slice(0, limits.violations.max)
  return `${shown.length} validation error${shown.length === 1 ? '' : 's'} detected: ${shown.join('; ')}`
}

interface Check {
  model: ServiceModel
  violations: string[]
  /** By path; undefined for most operations. */
  overrides: Readonly<Record<string, Shape>> | undefined
  /** True inside a sensitive member: no value is shown. */
  hidden?: boolean
}

function check(outer: Check, shapeName: string, value: unknown, path: string): void {
  const shape = (outer.overrides?.[path] ?? outer.model.shapes[shapeName]) as Shape
  const { model, violations, overrides } = outer
  const context = shape.sensitive && !outer.hidden ? { model, violations, overrides, hidden: true } : outer
  const violation = (constraint: string): void =>
    void context.violations.push(
      `Value${context.hidden || holdsSensitive(context.model, shape) ? '' : shown(shape, value)} at '${path}' failed to satisfy constraint: ${constraint}`,
    )
  switch (shape.type) {
    case 'structure':
      for (const name in shape.members) {
        const given = (value as Record<string, unknown>)[name]
        // The fast path: most members of most inputs are absent and optional.
        if (given === undefined && !shape.required?.includes(name)) continue
        const member = shape.members[name] as MemberModel
        const memberPath = path === '' ? lowerFirst(name) : `${path}.${lowerFirst(name)}`
        if (given !== undefined) check(context, member.shape, given, memberPath)
        else context.violations.push(nullViolation(context.model, member.shape, memberPath))
      }
      return
    case 'list':
      checkRange(shape, (value as unknown[]).length, 'have length', violation)
      for (const [position, item] of (value as unknown[]).entries()) {
        if (hasEnough(context)) return
        const itemPath = `${path}.${position + 1}.member`
        if (item === null) context.violations.push(nullViolation(context.model, shape.member, itemPath))
        else check(context, shape.member, item, itemPath)
      }
      return
    case 'map':
      checkRange(shape, Object.keys(value as object).length, 'have length', violation)
      for (const [key, item] of Object.entries(value as object)) {
        if (hasEnough(context)) return
        if (!isValidKey(context.model.shapes[shape.key] as Shape, key))
          violation(
            `Map keys must satisfy constraint: [${keyConstraints(context.model.shapes[shape.key] as Shape).join(', ')}]`,
          )
        check(context, shape.value, item, `${path}.${key.slice(0, 256)}.member`)
      }
      return
    case 'string':
      checkRange(shape, lengthOf(value as string), 'have length', violation)
      // A value that is too long is not matched against the pattern, so that patterns only see bounded text.
      if (
        shape.pattern !== undefined &&
        !(shape.max !== undefined && lengthOf(value as string) > shape.max) &&
        !matches(shape, value as string)
      )
        violation(`Member must satisfy regular expression pattern: ${shape.pattern}`)
      if (shape.enum && !shape.enum.includes(value as string))
        violation(`Member must satisfy enum value set: [${shape.enum.join(', ')}]`)
      return
    case 'integer':
    case 'long':
    case 'double':
    case 'float':
      checkRange(shape, value as number, 'have value', violation)
      return
    case 'blob':
      checkRange(shape, (value as Uint8Array).byteLength, 'have length', violation)
  }
}

/** The violation of a required member that is absent, or of an item of a list that is null. */
const nullViolation = ({ shapes }: ServiceModel, shapeName: string, path: string): string =>
  `Value${shapes[shapeName]?.sensitive ? '' : ' null'} at '${path}' failed to satisfy constraint: Member must not be null`

/** Whether a list or map holds sensitive values, such as the tokens in a map of logins. */
function holdsSensitive(model: ServiceModel, shape: Shape): boolean {
  const { shapes } = model
  const inner = shape.type === 'list' ? shape.member : shape.type === 'map' ? shape.value : undefined
  if (inner === undefined) return false
  const entry = shapes[inner] as Shape
  return (
    entry.sensitive === true ||
    (entry.type === 'structure'
      ? Object.values(entry.members).some(({ shape: member }) => (shapes[member] as Shape).sensitive)
      : holdsSensitive(model, entry))
  )
}

const hasEnough = ({ violations }: Check): boolean => violations.length >= limits.violations.max

function checkRange(
  range: { min?: number; max?: number },
  size: number,
  verb: string,
  violation: (constraint: string) => void,
): void {
  if (range.min !== undefined && size < range.min)
    violation(`Member must ${verb} greater than or equal to ${range.min}`)
  if (range.max !== undefined && size > range.max) violation(`Member must ${verb} less than or equal to ${range.max}`)
}

function isValidKey(shape: Shape, key: string): boolean {
  if (shape.type !== 'string') return true
  const length = lengthOf(key)
  if (length < (shape.min ?? 0) || length > (shape.max ?? Number.POSITIVE_INFINITY)) return false
  return (!shape.enum || shape.enum.includes(key)) && (shape.pattern === undefined || matches(shape, key))
}

function keyConstraints(shape: Shape): string[] {
  if (shape.type !== 'string') return []
  return [
    ...(shape.max === undefined ? [] : [`Member must have length less than or equal to ${shape.max}`]),
    ...(shape.min === undefined ? [] : [`Member must have length greater than or equal to ${shape.min}`]),
    ...(shape.pattern === undefined ? [] : [`Member must satisfy regular expression pattern: ${shape.pattern}`]),
    ...(shape.enum === undefined ? [] : [`Member must satisfy enum value set: [${shape.enum.join(', ')}]`]),
  ]
}

function shown(shape: Shape, value: unknown): string {
  const text = typeof value === 'string' ? value : shape.type === 'blob' ? '' : JSON.stringify(firstEntries(value))
  return ` '${text.slice(0, limits.valueShown.max)}'`
}

function firstEntries(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES_SHOWN)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).slice(0, MAX_ENTRIES_SHOWN))
}

const HIGH_SURROGATE = /[\ud800-\udbff]/

// Counts code points, as the service models do.
function lengthOf(text: string): number {
  if (!HIGH_SURROGATE.test(text)) return text.length
  let length = text.length
  for (let i = 0; i < text.length - 1; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0xd800 && code <= 0xdbff) length--
  }
  return length
}

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)
