// AWS JSON 1.1: from bytes to the input that the contract describes, and back. docs/reference/user-pools.md 1.
//
// Only members that the contract names are read, and only in their declared type (unknown members are dropped, null
// counts as absent, and in a list is refused by validate.ts). Keys of the result come from the contract, so `__proto__` in a request never becomes a key.
import type { MemberModel, ServiceModel, Shape } from '../../contract/service-model.ts'
import { decodeBase64, decodeUtf8 } from '../../encodings.ts'
import { ApiError, type ErrorName } from '../../errors.ts'
import { limits } from '../limits.ts'

export const CONTENT_TYPE = 'application/x-amz-json-1.1'

const MAX_INTEGER = 2 ** 31 - 1
const serializationError = (message: string): ApiError => new ApiError('SerializationException', message)

/** The input of an operation from the body of its request. Throws SerializationException. */
export function readJsonInput(
  model: ServiceModel,
  shapeName: string | undefined,
  body: Uint8Array,
): Record<string, unknown> {
  const value = parseJson(body)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw serializationError('Start of structure expected')
  return shapeName === undefined ? {} : (readValue(model, shapeName, value, 0) as Record<string, unknown>)
}

function parseJson(body: Uint8Array): unknown {
  // The services accept an empty body as an input without members.
  if (body.byteLength === 0) return {}
  const text = decodeUtf8(body)?.replace(/^\ufeff/, '')
  if (text === undefined) throw serializationError('The request body is not valid UTF-8')
  refuseExcess(text)
  try {
    return JSON.parse(text)
  } catch {
    throw serializationError('The request body is not valid JSON')
  }
}

// Checks depth and number of values before JSON.parse, so that deep input cannot overflow the stack and a megabyte of
// small values cannot block the event loop for a second. Brackets and commas inside strings are skipped.
function refuseExcess(text: string): void {
  let depth = 0
  let values = 1
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (inString) {
      if (code === 0x5c) i++
      else if (code === 0x22) inString = false
    } else if (code === 0x22) inString = true
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > limits.jsonDepth.max) throw serializationError('The request body is nested too deeply')
    } else if (code === 0x7d || code === 0x5d) depth--
    else if (code === 0x2c && ++values > limits.jsonValues.max)
      throw serializationError('The request body holds too many values')
  }
}

/** One value in its declared type. Throws SerializationException. */
export const readJsonValue = (model: ServiceModel, shapeName: string, value: unknown): unknown =>
  readValue(model, shapeName, value, 0)

function readValue(model: ServiceModel, shapeName: string, value: unknown, depth: number): unknown {
  const shape = model.shapes[shapeName] as Shape
  switch (shape.type) {
    case 'structure': {
      const source = expectObject(value)
      const result: Record<string, unknown> = {}
      for (const name in shape.members) {
        if (!Object.hasOwn(source, name)) continue
        const given = source[name]
        if (given === null || given === undefined) continue
        result[name] = readValue(model, (shape.members[name] as MemberModel).shape, given, depth + 1)
      }
      return result
    }
    case 'list':
      if (!Array.isArray(value)) throw serializationError(`${kindOf(value)} can not be converted to a List`)
      // A null item goes on as it is: `findViolations` names it. Dropped, it would move the items behind it.
      return value.map((item) => (item === null ? null : readValue(model, shape.member, item, depth + 1)))
    case 'map': {
      const source = expectObject(value)
      // A null prototype, because the caller chooses the keys.
      const result: Record<string, unknown> = Object.create(null)
      for (const key of Object.keys(source)) {
        if (source[key] === null) continue
        requireWhole(key)
        result[key] = readValue(model, shape.value, source[key], depth + 1)
      }
      return result
    }
    case 'string':
      if (typeof value !== 'string') throw serializationError(`${kindOf(value)} can not be converted to a String`)
      requireWhole(value)
      return value
    case 'boolean':
      if (typeof value !== 'boolean') throw serializationError(`${kindOf(value)} can not be converted to a Boolean`)
      return value
    case 'integer':
    case 'long':
      if (
        typeof value !== 'number' ||
        !Number.isSafeInteger(value) ||
        (shape.type === 'integer' && (value > MAX_INTEGER || value < -MAX_INTEGER - 1))
      )
        throw serializationError(
          `${kindOf(value)} can not be converted to ${shape.type === 'long' ? 'a Long' : 'an Integer'}`,
        )
      return value
    case 'double':
    case 'float':
      // A number beyond the range of doubles reads as infinite.
      if (typeof value !== 'number' || !Number.isFinite(value))
        throw serializationError(`${kindOf(value)} can not be converted to a Double`)
      return value
    case 'timestamp':
      if (typeof value !== 'number' || Math.abs(value) > 8.64e12)
        throw serializationError(`${kindOf(value)} can not be converted to a Timestamp`)
      return new Date(Math.round(value * 1000))
    case 'blob': {
      const bytes = typeof value === 'string' ? decodeBase64(value) : undefined
      if (!bytes) throw serializationError(`${kindOf(value)} can not be converted to a Blob`)
      return bytes
    }
    case 'document':
      return value
  }
}

/** Refuses an unpaired surrogate: UTF-8 cannot encode it, so storing or sending the text would change it. */
function requireWhole(text: string): void {
  if (!text.isWellFormed()) throw serializationError('The request body holds an unpaired surrogate')
}

function expectObject(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw serializationError(`${kindOf(value)} can not be converted to a Map`)
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'LIST_VALUE'
  if (typeof value === 'object') return 'STRUCTURE_VALUE'
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE'
  return typeof value === 'number' ? 'NUMBER_VALUE' : 'STRING_VALUE'
}

/**
 * The body of an answer: the members that the contract names, without absent ones; empty for an operation without
 * output.
 */
export function writeJsonOutput(model: ServiceModel, shapeName: string | undefined, output: unknown): string {
  return shapeName === undefined ? '' : JSON.stringify(writeValue(model, shapeName, output ?? {}))
}

function writeValue(model: ServiceModel, shapeName: string, value: unknown): unknown {
  const shape = model.shapes[shapeName] as Shape
  switch (shape.type) {
    case 'structure': {
      const result: Record<string, unknown> = {}
      for (const name in shape.members) {
        const given = (value as Record<string, unknown>)[name]
        if (given !== undefined && given !== null)
          result[name] = writeValue(model, (shape.members[name] as { shape: string }).shape, given)
      }
      return result
    }
    case 'list':
      return (value as unknown[]).map((item) => writeValue(model, shape.member, item))
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, item]) => [key, writeValue(model, shape.value, item)]),
      )
    case 'timestamp':
      return (value as Date).getTime() / 1000
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64')
    default:
      return value
  }
}

/**
 * The body and headers of an error (docs/reference/user-pools.md 1.3). Bodies of REST JSON do not name the error
 * (docs/reference/identity-pools-sts-iam-sync.md 19.1).
 */
export function writeJsonError(
  name: ErrorName,
  message: string,
  named: boolean,
): { headers: Record<string, string>; body: string } {
  return {
    headers: { 'x-amzn-errortype': `${name}:`, 'x-amzn-errormessage': headerSafe(message) },
    // AccessDeniedException comes from IAM, which writes `Message` with a capital letter; clients depend on it.
    body: JSON.stringify({
      ...(named && { __type: name }),
      [name === 'AccessDeniedException' ? 'Message' : 'message']: message,
    }),
  }
}

// A message may quote the caller's input; a header value must be printable ASCII and of bounded length.
const headerSafe = (message: string): string => message.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 1024)
