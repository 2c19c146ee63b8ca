// What every answer must be, whatever was sent. Decided here, once:
//
// - 200 with the operation's output (the server itself checks it against the contract, in tests), or
// - a refusal with the status that the contract gives it (400; 413 for a body over 1 MiB), whose `__type` is
//   - declared by the operation and no fault of the server, or
//   - one that the path raises before the operation: SerializationException (not the JSON or the types of the contract),
//     InvalidParameterException (not its constraints), TooManyRequestsException (the queue of expensive work),
//     ResourceNotFoundException (a pool or client that is not there), and for calls by token those of user-pools
//     reference 3.3: NotAuthorizedException, UserNotFoundException, PasswordResetRequiredException. A SecretHash member
//     is checked in the path as well, with NotAuthorizedException.
//   NotImplementedException with status 501 is the answer to what docs/compatibility.md lists as not there yet.
//   None of the SigV4 family: signed operations are signed well here (refusals/signatures.test.ts has the others).
// - The text is there, is bounded, tells nothing of the inside and repeats nothing sensitive.
import { expect } from 'vitest'
import { cognitoIdpModel } from '../../src/contract/cognito-idp.model.ts'
import type { Shape } from '../../src/contract/service-model.ts'
import type { Answer } from '../refusals/raw-request.ts'
import { inputMembers, modelOf, shapeOf } from './plain-input.ts'

const MOST_MILLISECONDS = 2000
const LONGEST_TEXT = 64 * 1024
const BODY_LIMIT = 1024 * 1024

const PATH_ERRORS = ['SerializationException', 'InvalidParameterException', 'TooManyRequestsException']
const TOKEN_ERRORS = [
  'NotAuthorizedException',
  'UserNotFoundException',
  'PasswordResetRequiredException',
  'ResourceNotFoundException',
]

/** The names of the errors that an operation may answer bad input with. */
function allowedErrors(operation: string): Set<string> {
  const { errors, caller } = modelOf(operation)
  const members = inputMembers(operation)
  const allowed = new Set(
    [...errors].filter((name) => (cognitoIdpModel.errors[name]?.status ?? 400) < 500).concat(PATH_ERRORS),
  )
  if (members.has('UserPoolId') || members.has('ClientId')) allowed.add('ResourceNotFoundException')
  if (members.has('SecretHash')) allowed.add('NotAuthorizedException')
  if (caller === 'user-token' || caller === 'token-or-session') for (const name of TOKEN_ERRORS) allowed.add(name)
  return allowed
}

// Names of things that only the inside knows.
const INTERNAL =
  /TypeError|RangeError|ReferenceError|SyntaxError|Cannot (read|set|convert)|is not (a function|iterable|defined)|\bundefined\b|\[object |sqlite|libsql|kysely|postgres|\bpg_|violates|constraint failed|node:|node_modules|\.[cm]?[jt]s:\d|\n\s+at |Unexpected (token|end)|in JSON at|0x00|byte sequence/i

/** Throws unless the answer is one of those above. Returns its error's name, or `ok`. */
export function judge(operation: string, sent: Uint8Array, { status, headers, text, json }: Answer): string {
  expect(headers['x-amzn-requestid'] ?? (status === 413 ? 'too large to count' : undefined)).toBeDefined()
  if (status === 200) {
    expect(json.__type).toBeUndefined()
    return 'ok'
  }
  const { __type: type = '', message = '' } = json
  if (type === 'NotImplementedException') {
    expect({ status, message }).toEqual({ status: 501, message: expect.stringContaining('docs/compatibility.md') })
    return type
  }
  const declared = cognitoIdpModel.errors[type]?.status ?? 400
  expect({ status, type }).toEqual({ status: sent.byteLength > BODY_LIMIT ? 413 : declared, type })
  expect(allowedErrors(operation), `${type}: ${message}`).toContain(type)
  expect(typeof message).toBe('string')
  expect(message.trim()).not.toBe('')
  expect(text.length).toBeLessThan(LONGEST_TEXT)
  // Quoted input may say anything; what is ours to say is around it.
  expect(message.replace(/Value '.*?' at '.*?' failed/gs, '')).not.toMatch(INTERNAL)
  const header = headers['x-amzn-errormessage']
  for (const secret of secretsIn(operation, sent)) {
    expect(text.includes(secret), `the answer repeats ${JSON.stringify(secret.slice(0, 40))}`).toBe(false)
    expect(String(header).includes(secret)).toBe(false)
  }
  return type
}

/** Throws when an answer took too long. `again` sends the same once more: a busy machine is no fault of the server. */
export async function judgeTime(answer: Answer, again: () => Promise<Answer>): Promise<void> {
  if (answer.milliseconds < MOST_MILLISECONDS) return
  expect((await again()).milliseconds).toBeLessThan(MOST_MILLISECONDS)
}

// Texts of the reference name both.
const SHOWN = ['ClientIdType', 'UsernameType']
const SHORTEST_SECRET = 10

/** Texts in sensitive members, long enough that they would not turn up by chance. */
function secretsIn(operation: string, sent: Uint8Array): string[] {
  let input: unknown
  try {
    input = JSON.parse(Buffer.from(sent).toString('utf8'))
  } catch {
    return []
  }
  const found = new Set<string>()
  const open: string[] = []
  const visit = (shape: Shape, shapeName: string, value: unknown, hidden: boolean): void => {
    const sensitive = hidden || (shape.sensitive === true && !SHOWN.includes(shapeName))
    if (typeof value === 'string') {
      if (!sensitive) open.push(value)
      else if (value.length >= SHORTEST_SECRET) found.add(value)
      return
    }
    if (typeof value !== 'object' || value === null) return
    if (shape.type === 'list' && Array.isArray(value))
      for (const item of value.slice(0, 100)) visit(shapeOf(shape.member), shape.member, item, sensitive)
    if (shape.type === 'map')
      for (const [key, item] of Object.entries(value).slice(0, 100))
        if (!/USER/.test(key)) visit(shapeOf(shape.value), shape.value, item, sensitive)
    if (shape.type === 'structure')
      for (const [name, { shape: member }] of Object.entries(shape.members))
        if (Object.hasOwn(value, name))
          visit(shapeOf(member), member, (value as Record<string, unknown>)[name], sensitive)
  }
  if (typeof input === 'object' && input !== null)
    for (const [name, { shape, shapeName }] of inputMembers(operation))
      if (Object.hasOwn(input, name)) visit(shape, shapeName, (input as Record<string, unknown>)[name], false)
  // What is sent in the open as well may be repeated.
  return [...found].filter((secret) => !open.some((text) => text.includes(secret)))
}
