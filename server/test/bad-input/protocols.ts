// The ways in which a request says what it wants: AWS JSON, the forms of the query protocol, and REST JSON.
import type { MemberModel, ServiceModel, StructureShape } from '../../src/contract/service-model.ts'
import { type Faults, jsonFaults, jsonRequestFaults, type RequestFault } from './faults.ts'
import { formFaults, formRequestFaults } from './form-faults.ts'
import { isMembers, Known, type Look, RawJson, type Tree, toForm, toText } from './json-tree.ts'

export interface Protocol {
  /** The text of a request. */
  write(model: ServiceModel, operation: string, tree: Tree, look: Look): string
  /** The members of what was sent, as well as they can be read. */
  read(sent: Uint8Array): Record<string, unknown> | undefined
  faultsFor: Faults
  requestFaults(good: string): RequestFault[]
  /** What a request is answered with that cannot be read, or names no operation. */
  unread: readonly string[]
}

const json: Protocol = {
  write: (_model, _operation, tree, look) => toText(tree, look),
  read(sent) {
    try {
      const input: unknown = JSON.parse(Buffer.from(sent).toString('utf8'))
      return typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : undefined
    } catch {
      return undefined
    }
  },
  faultsFor: jsonFaults,
  requestFaults: jsonRequestFaults,
  unread: ['SerializationException'],
}

const query: Protocol = {
  write: ({ apiVersion }, operation, tree, look) =>
    [`Action=${operation}`, `Version=${apiVersion}`, ...toForm(tree, look)].join('&'),
  // Secrets are at the top level of forms.
  read: (sent) => Object.fromEntries(new URLSearchParams(Buffer.from(sent).toString('utf8'))),
  faultsFor: formFaults,
  requestFaults: formRequestFaults,
  unread: ['MalformedInput', 'InvalidAction', 'UnknownOperationException'],
}

/** Beyond that the server would not read the head of a request. */
const LONGEST_PART = 4000

/** A value in a path or a query, as far as it has a place there; undefined for none. */
function partOf(tree: Tree | undefined, look: Look): string | undefined {
  if (tree === undefined || tree === null) return undefined
  const text =
    tree instanceof RawJson
      ? tree.text
      : tree instanceof Known
        ? look(tree)
        : typeof tree === 'object'
          ? toText(tree, look)
          : String(tree)
  let part = ''
  for (const character of text.toWellFormed()) {
    if (part.length >= LONGEST_PART) break
    part += encodeURIComponent(character)
  }
  // Paths with dot segments reach no operation (doors.ts).
  return /^\.{1,2}$/.test(part) ? `${part}-` : part
}

/** Method and path in a line, then the body. Members of headers mean nothing to any operation and are left out. */
function restText(model: ServiceModel, operation: string, tree: Tree, look: Look): string {
  const { http, input } = model.operations[operation] as { http: { method: string; uri: string }; input: string }
  const members = isMembers(tree) ? tree : {}
  const placed = Object.entries((model.shapes[input] as StructureShape).members).filter(([, { location }]) => location)
  let path = http.uri
  const query: string[] = []
  for (const [name, { location, locationName = '' }] of placed as [string, MemberModel][]) {
    const part = partOf(Object.hasOwn(members, name) ? members[name] : undefined, look)
    if (location === 'uri') path = path.replace(`{${locationName}}`, () => part ?? '')
    if (location === 'querystring' && part !== undefined) query.push(`${locationName}=${part}`)
  }
  const names = placed.map(([name]) => name)
  const body = Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)))
  const text = http.method === 'POST' ? toText(isMembers(tree) ? body : tree, look) : ''
  return `${http.method} ${path}${query.length > 0 ? `?${query.join('&')}` : ''}\n${text}`
}

const rest: Protocol = {
  write: restText,
  read: (sent) => json.read(Buffer.from(sent).subarray(Buffer.from(sent).indexOf('\n') + 1)),
  faultsFor: jsonFaults,
  requestFaults(good) {
    const end = good.indexOf('\n') + 1
    const head = Buffer.from(good.slice(0, end))
    return jsonRequestFaults(good.slice(end) || '{}').map(({ sent, ...fault }) => ({
      ...fault,
      sent: () => ({ body: Buffer.concat([head, sent().body]) }),
    }))
  },
  // A path without one of its parts is that of no operation, or of another one.
  unread: ['SerializationException', 'UnknownOperationException'],
}

export const protocols: Readonly<Record<ServiceModel['protocol'], Protocol>> = { json, query, 'rest-json': rest }
