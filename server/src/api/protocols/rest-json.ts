// REST JSON 1.1, which Cognito Sync speaks: the operation is a method and a path; members are in the path, the query, headers
// and a JSON body, as the contract says (docs/reference/identity-pools-sts-iam-sync.md 19.1, 28).
import type { MemberModel, OperationModel, StructureShape } from '../../contract/service-model.ts'
import { ApiError } from '../../errors.ts'
import { type ApiRequest, headerOf } from '../../http/request.ts'
import { readJsonInput, readJsonValue } from './aws-json.ts'
import type { Target } from './protocols.ts'

/** A memo, no state: as many as the contracts have operations with paths. */
const patterns = new WeakMap<OperationModel, RegExp>()

/** The values of an operation's path by member, as sent; undefined when the path is another operation's. */
export function matchPath(model: OperationModel, rawPath: string): Readonly<Record<string, string>> | undefined {
  let pattern = patterns.get(model)
  if (pattern === undefined) {
    const uri = (model.http?.uri ?? '').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')
    pattern = new RegExp(`^${uri}/?$`)
    patterns.set(model, pattern)
  }
  const match = pattern.exec(rawPath)
  return match ? (match.groups ?? {}) : undefined
}

/** The same for the members with a place outside of the body. */
const placed = new WeakMap<OperationModel, readonly (readonly [name: string, member: MemberModel])[]>()

function placedMembers({ service, model }: Target): readonly (readonly [name: string, member: MemberModel])[] {
  let members = placed.get(model)
  if (members === undefined) {
    const shape = service.model.shapes[model.input as string] as StructureShape
    members = Object.entries(shape.members).filter(([, { location }]) => location !== undefined)
    placed.set(model, members)
  }
  return members
}

/**
 * The input of an operation: members with a place outside of the body are read there and nowhere else. Throws
 * SerializationException.
 */
export function readRestInput(target: Target, request: ApiRequest): Record<string, unknown> {
  const { service, model } = target
  // Old clients send a content type and no body with GET, or a body that means nothing.
  const fromBody = request.method === 'POST' ? readJsonInput(service.model, model.input, request.body) : {}
  const path = matchPath(model, request.rawPath) ?? {}
  const query = readQuery(request.rawQuery)
  for (const [name, member] of placedMembers(target)) {
    const text = textOf(member, path, query, request)
    if (text === undefined) delete fromBody[name]
    else fromBody[name] = readJsonValue(service.model, member.shape, typed(service.model.shapes[member.shape], text))
  }
  return fromBody
}

function textOf(
  { location, locationName = '' }: MemberModel,
  path: Readonly<Record<string, string>>,
  query: ReadonlyMap<string, string>,
  request: ApiRequest,
): string | undefined {
  switch (location) {
    case 'uri':
      return path[locationName] === undefined ? undefined : decode(path[locationName], 'path')
    case 'querystring':
      return query.get(locationName)
    case 'header':
      return headerOf(request, locationName.toLowerCase())
    default:
      throw new Error(`No member of an input is read from ${location}.`)
  }
}

/** Texts of numbers as numbers; any other text stays one, which is then refused where a number belongs. */
const typed = (shape: { type: string } | undefined, text: string): unknown =>
  (shape?.type === 'integer' || shape?.type === 'long') && /^-?\d{1,16}$/.test(text) ? Number(text) : text

/** The first value of each name. A plus stays one: clients write spaces as %20. Throws SerializationException. */
export function readQuery(rawQuery: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const pair of rawQuery.split('&')) {
    const equals = pair.indexOf('=')
    if (equals <= 0) continue
    const name = decode(pair.slice(0, equals), 'query')
    if (!values.has(name)) values.set(name, decode(pair.slice(equals + 1), 'query'))
  }
  return values
}

/** Percent-decodes once. */
function decode(text: string, where: 'path' | 'query'): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new ApiError('SerializationException', `The ${where} is not percent-encoded UTF-8`)
  }
}
