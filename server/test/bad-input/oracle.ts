// The test oracle: what every answer must be, whatever was sent.
//
// - 200 with the operation's output (the server itself checks it against the contract, in tests), or
// - a refusal with the status that the contract gives it (400; 413 for a body over 1 MiB, or 2 MiB where it brings images), whose name is
//   - declared by the operation and no fault of the server, or
//   - one that the path raises before the operation: what cannot be read has the protocol's own error, the rest is in
//     services.ts.
//   NotImplementedException with status 501 is the answer to what docs/compatibility.md lists as not there yet.
//   None of the SigV4 family: signed operations are signed well here (refusals/signatures.test.ts has the others).
// - In the form of its protocol, with a request id. The text is there, is bounded, tells nothing of the inside and repeats
//   nothing sensitive.

import { expect } from 'vitest'
import type { Shape } from '../../src/contract/service-model.ts'
import type { Answer } from '../refusals/raw-request.ts'
import type { TestedService } from './services.ts'

const MAX_WORK = 2000
const MAX_TEXT = 64 * 1024
const BODY_LIMIT = 1024 * 1024

/** The names, as the wire has them, of the errors that an operation may answer bad input with; each with its status. */
function allowedErrors(
  { contract, protocol, pathErrors, statuses }: TestedService,
  operation: string,
): Map<string, number> {
  const allowed = new Map<string, number>()
  for (const name of contract.modelOf(operation).errors) {
    const { status = 400, code = name } = contract.model.errors[name] ?? {}
    if (status < 500) allowed.set(contract.model.protocol === 'query' ? code : name, status)
  }
  for (const name of [...protocol.unread, ...pathErrors(operation)])
    allowed.set(name, statuses[name] ?? allowed.get(name) ?? 400)
  return allowed
}

// Internal names that must not appear in an answer.
const INTERNAL =
  /TypeError|RangeError|ReferenceError|SyntaxError|Cannot (read|set|convert)|is not (a function|iterable|defined)|\bundefined\b|\[object |sqlite|kysely|postgres|\bpg_|violates|constraint failed|node:|node_modules|\.[cm]?[jt]s:\d|\n\s+at |Unexpected (token|end)|in JSON at|0x00|byte sequence/i

/** Throws unless the answer is one of those above. Returns its error's name, or `ok`. */
export function judge(
  service: TestedService,
  operation: string,
  sent: Uint8Array,
  { status, headers, text, json }: Answer,
): string {
  expect(headers['x-amzn-requestid'] ?? (status === 413 ? 'too large to count' : undefined)).toBeDefined()
  if (status === 200) {
    expect(json.__type).toBeUndefined()
    if (service.contract.model.protocol === 'query') expect(text).toMatch(/^<\w+Response xmlns=".*<\/\w+Response>$/s)
    return 'ok'
  }
  const { __type: type = '', message = '' } = json
  if (type === 'NotImplementedException') {
    expect({ status, message }).toEqual({ status: 501, message: expect.stringContaining('docs/compatibility.md') })
    return type
  }
  const tooLong = sent.byteLength > (service.isLarge(operation) ? 2 * BODY_LIMIT : BODY_LIMIT)
  const declared = allowedErrors(service, operation)
  expect({ status, type }).toEqual({ status: tooLong ? 413 : declared.get(type), type })
  if (service.contract.model.protocol === 'query' && type !== 'UnknownOperationException') {
    const id = headers['x-amzn-requestid'] as string
    expect(headers['content-type']).toBe('text/xml')
    expect(text).toMatch(/^<ErrorResponse[^>]*><Error><Type>Sender<\/Type><Code>\w+<\/Code><Message>/)
    expect(text.endsWith(`<RequestId>${id}</RequestId></ErrorResponse>`)).toBe(true)
  }
  expect(typeof message).toBe('string')
  expect(message.trim()).not.toBe('')
  expect(text.length).toBeLessThan(MAX_TEXT)
  // Remove quoted input first, which may contain anything, and judge only our own words.
  expect(message.replace(/Value '.*?' at '.*?' failed|'.*?' not found/gs, '')).not.toMatch(INTERNAL)
  const header = headers['x-amzn-errormessage']
  for (const secret of secretsIn(service, operation, sent)) {
    expect(text.includes(secret), `the answer repeats ${JSON.stringify(secret.slice(0, 40))}`).toBe(false)
    expect(String(header).includes(secret)).toBe(false)
  }
  return type
}

/** Throws when an answer took too much work. `again` sends the same once more, for what ran beside the first. */
export async function judgeTime(answer: Answer, again: () => Promise<Answer>): Promise<void> {
  if (answer.work < MAX_WORK) return
  expect((await again()).work).toBeLessThan(MAX_WORK)
}

const MIN_SECRET = 10

/** Texts in sensitive members, long enough that they would not turn up by chance. */
function secretsIn({ contract, protocol, shown }: TestedService, operation: string, sent: Uint8Array): string[] {
  const { shapeOf, inputMembers } = contract
  const input = protocol.read(sent)
  const found = new Set<string>()
  const open: string[] = []
  const visit = (shape: Shape, shapeName: string, value: unknown, hidden: boolean): void => {
    const sensitive = hidden || (shape.sensitive === true && !shown.includes(shapeName))
    if (typeof value === 'string') {
      if (!sensitive) open.push(value)
      else if (value.length >= MIN_SECRET) found.add(value)
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
  if (input)
    for (const [name, { shape, shapeName }] of inputMembers(operation))
      if (Object.hasOwn(input, name)) visit(shape, shapeName, input[name], false)
  // A text that was also sent in a member that is not sensitive may be repeated.
  return [...found].filter((secret) => !open.some((text) => text.includes(secret)))
}
