// The form of the generated service models, and the one rule that is more than data: whether a string fits its pattern.
//
// Names of members and shapes are AWS's. A name that comes from a request must be looked up with Object.hasOwn: the
// tables are plain objects, and `constructor` or `__proto__` would find something else.

/**
 * Who may call an operation: a principal that signs the request, a user by access token, anyone, or (software tokens) a
 * user by access token or by the Session of a sign-in.
 */
export type Caller = 'signed' | 'user-token' | 'public' | 'token-or-session'

export interface OperationModel {
  /** Names of structures in `shapes`; an operation without output answers with an empty body. */
  input?: string
  output?: string
  /** Names in `errors`. */
  errors: readonly string[]
  caller: Caller
  /** rest-json only: in the other protocols every operation is POST /. */
  http?: { method: string; uri: string; code?: number }
  /** query only: the element around the output's members. */
  resultWrapper?: string
  /** AWS does not have the operation. */
  own?: true
}

export interface MemberModel {
  shape: string
  /** Outside the body, under `locationName`. */
  location?: 'uri' | 'querystring' | 'header' | 'headers' | 'statusCode'
  locationName?: string
  /** The member is the whole body. */
  payload?: true
}

export interface StructureShape {
  type: 'structure'
  members: Readonly<Record<string, MemberModel>>
  required?: readonly string[]
  sensitive?: true
}

export interface ListShape {
  type: 'list'
  member: string
  min?: number
  max?: number
  sensitive?: true
}

export interface MapShape {
  type: 'map'
  key: string
  value: string
  min?: number
  max?: number
  sensitive?: true
}

export interface StringShape {
  type: 'string'
  min?: number
  max?: number
  sensitive?: true
  enum?: readonly string[]
  /** As AWS writes it, for messages. It is Java's dialect and may take quadratic time: `matches` evaluates `test`. */
  pattern?: string
  test?: PatternTest
}

/** A form of `pattern` that is evaluated in time linear in the value. */
export interface PatternTest {
  /** For the whole value, under the flag `u`. */
  regex: string
  /** Texts that have to occur in this order, with `padding` characters before, between and after them. */
  contains?: readonly string[]
  padding?: 0 | 1
  /** The most UTF-16 units the expression is run on, twice the shape's `max`; a longer value is no match. */
  upTo?: number
}

export interface NumberShape {
  type: 'integer' | 'long' | 'double' | 'float'
  min?: number
  max?: number
  sensitive?: true
}

export interface SimpleShape {
  type: 'boolean' | 'timestamp' | 'blob' | 'document'
  min?: number
  max?: number
  sensitive?: true
}

export type Shape = StructureShape | ListShape | MapShape | StringShape | NumberShape | SimpleShape

export interface ErrorModel {
  status: number
  /** What the wire calls it, where that is not the name of the shape. */
  code?: string
  members: readonly string[]
}

export interface ServiceModel {
  service: string
  protocol: 'json' | 'query' | 'rest-json'
  apiVersion: string
  /** json: X-Amz-Target is this, a dot and the operation. */
  targetPrefix?: string
  signingName: string
  xmlNamespace?: string
  operations: Readonly<Record<string, OperationModel>>
  shapes: Readonly<Record<string, Shape>>
  errors: Readonly<Record<string, ErrorModel>>
}

/** A memo, no state: as many as the contracts have patterns. */
const compiled = new WeakMap<PatternTest, RegExp>()

/** Whether the value fits the shape's pattern, if it has one. Lengths and enums are separate constraints. */
export function matches({ test }: StringShape, value: string): boolean {
  if (test === undefined) return true
  if (test.upTo !== undefined && value.length > test.upTo) return false
  let regex = compiled.get(test)
  if (regex === undefined) {
    regex = new RegExp(test.regex, 'u')
    compiled.set(test, regex)
  }
  return regex.test(value) && containsInOrder(value, test)
}

function containsInOrder(value: string, { contains = [], padding = 0 }: PatternTest): boolean {
  let end = 0
  for (const text of contains) {
    const start = value.indexOf(text, end + padding)
    if (start < 0) return false
    end = start + text.length
  }
  return contains.length === 0 || value.length - end >= padding
}
