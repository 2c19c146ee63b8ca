// The query protocol of STS and IAM: a form in, XML out
// (docs/reference/identity-pools-sts-iam-sync.md 14.2, 15.1, 18.1).
//
// A member of a structure is `Name`, of a structure inside `Outer.Name`; the items of a list are `List.member.1` and so
// on. Only fields that the contract names are read, so that a name the caller chose never becomes a key of an object.
import type { OperationModel, ServiceModel, Shape } from '../../contract/service-model.ts'
import { decodeBase64, decodeFormText, decodeUtf8 } from '../../encodings.ts'
import { ApiError, type ErrorName } from '../../errors.ts'
import { type ApiRequest, headerOf } from '../../http/request.ts'
import { limits } from '../limits.ts'

const MAX_INTEGER = 2 ** 31 - 1
const malformedInputError = (message: string): ApiError => new ApiError('MalformedInput', message)

/** Whether the body is a form. */
export const isForm = (request: Pick<ApiRequest, 'headers'>): boolean =>
  headerOf(request, 'content-type')?.toLowerCase().startsWith('application/x-www-form-urlencoded') ?? false

/**
 * Whether a request without an operation of any contract speaks the query protocol: it has a form, or an Action in the
 * query string.
 */
export const speaksQuery = (request: Pick<ApiRequest, 'headers' | 'rawPath' | 'rawQuery'>): boolean =>
  request.rawPath === '/' &&
  headerOf(request, 'x-amz-target') === undefined &&
  (isForm(request) || /(?:^|&)Action=/.test(request.rawQuery))

/** The fields of a request: of the query string and, if it is a form, the body. Throws MalformedInput. */
function formFields(request: Pick<ApiRequest, 'headers' | 'rawQuery' | 'body'>): Map<string, string> {
  const form = isForm(request) ? decodeUtf8(request.body) : ''
  if (form === undefined) throw malformedInputError('The form is not valid UTF-8')
  const fields = new Map<string, string>()
  for (const text of [request.rawQuery, form]) {
    // Count the fields before decoding them, so that too many cost little.
    let count = 1
    for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1))
      if (++count > limits.formFields.max) throw malformedInputError('The request holds too many fields')
    for (const part of text.split('&')) {
      if (part === '') continue
      const [name, value] = decodeField(part)
      fields.set(name, value)
    }
  }
  return fields
}

/** The name and value of `name=value`, or of a name alone. Throws MalformedInput for broken escapes and bad UTF-8. */
function decodeField(field: string): [name: string, value: string] {
  const mark = field.indexOf('=')
  const name = decodeFormText(mark < 0 ? field : field.slice(0, mark))
  const value = mark < 0 ? '' : decodeFormText(field.slice(mark + 1))
  if (name === undefined || value === undefined)
    throw malformedInputError('The request holds an escape that is broken, or not valid UTF-8')
  return [name, value]
}

/** A field's value, and the fields below it: those whose names continue after a dot. */
interface Node {
  value: string | undefined
  members: Map<string, Node>
}

function nest(fields: Map<string, string>): Node {
  const root: Node = { value: undefined, members: new Map() }
  for (const [name, value] of fields) {
    const parts = name.split('.', limits.formDepth.max + 1)
    if (parts.length > limits.formDepth.max) continue
    let node = root
    for (const part of parts) {
      let next = node.members.get(part)
      if (!next) {
        next = { value: undefined, members: new Map() }
        node.members.set(part, next)
      }
      node = next
    }
    node.value = value
  }
  return root
}

/** The input of an operation from a form. Throws MalformedInput. */
export function readQueryInput(
  model: ServiceModel,
  shapeName: string | undefined,
  request: Pick<ApiRequest, 'headers' | 'rawQuery' | 'body'>,
): Record<string, unknown> {
  if (shapeName === undefined) return {}
  return (read(model, shapeName, nest(formFields(request)), '') ?? {}) as Record<string, unknown>
}

function read(model: ServiceModel, shapeName: string, node: Node, path: string): unknown {
  const shape = model.shapes[shapeName] as Shape
  switch (shape.type) {
    case 'structure': {
      const result: Record<string, unknown> = {}
      for (const [name, member] of Object.entries(shape.members)) {
        const given = node.members.get(name)
        if (given) result[name] = read(model, member.shape, given, `${path}${name}.`)
      }
      return result
    }
    case 'list':
      return readList(model, shape.member, node, path)
    case 'map':
      throw malformedInputError(`${path.slice(0, -1)} cannot be given in a form`)
    default:
      // A node without a value of its own exists only because of fields below it; this field was not sent.
      return node.value === undefined ? undefined : readText(shape, node.value, path.slice(0, -1))
  }
}

/** Items in the order of their numbers; an empty list is sent as an empty field. */
function readList(model: ServiceModel, memberShape: string, node: Node, path: string): unknown[] {
  const members = node.members.get('member')
  if (!members) return []
  return [...members.members]
    .filter(([position]) => /^[1-9]\d{0,5}$/.test(position))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([position, item]) => read(model, memberShape, item, `${path}member.${position}.`))
    .filter((item) => item !== undefined)
}

function readText(shape: Shape, text: string, path: string): unknown {
  const refuse = (): never => {
    throw malformedInputError(`The value of ${path} is not of the type ${shape.type}`)
  }
  switch (shape.type) {
    case 'string':
      return text
    case 'boolean':
      return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : refuse()
    case 'integer':
    case 'long': {
      const number = /^[+-]?\d{1,16}$/.test(text) ? Number(text) : Number.NaN
      if (!Number.isSafeInteger(number)) return refuse()
      return shape.type === 'integer' && (number > MAX_INTEGER || number < -MAX_INTEGER - 1) ? refuse() : number
    }
    case 'double':
    case 'float':
      return /^[+-]?\d{1,30}(\.\d{1,30})?$/.test(text) ? Number(text) : refuse()
    case 'timestamp': {
      const time = /^\d{4}-\d\d-\d\dT[\d:.]{5,15}(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
      return Number.isNaN(time) ? refuse() : new Date(time)
    }
    case 'blob':
      return decodeBase64(text) ?? refuse()
    default:
      return refuse()
  }
}

/** The answer to an operation; without an output it holds only the operation's name and the request id. */
export function writeQueryOutput(
  model: ServiceModel,
  name: string,
  { output: shapeName, resultWrapper }: OperationModel,
  output: unknown,
  requestId: string,
): string {
  const wrapper = resultWrapper ?? `${name}Result`
  const result = shapeName === undefined ? '' : element(wrapper, write(model, shapeName, output ?? {}))
  const content = `${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`
  return `<${name}Response xmlns="${model.xmlNamespace}">${content}</${name}Response>`
}

const element = (name: string, content: string): string => `<${name}>${content}</${name}>`

function write(model: ServiceModel, shapeName: string, value: unknown): string {
  const shape = model.shapes[shapeName] as Shape
  switch (shape.type) {
    case 'structure':
      return Object.entries(shape.members)
        .map(([name, member]) => {
          const given = (value as Record<string, unknown>)[name]
          return given === undefined || given === null ? '' : element(name, write(model, member.shape, given))
        })
        .join('')
    case 'list':
      return (value as unknown[]).map((item) => element('member', write(model, shape.member, item))).join('')
    case 'map':
      return Object.entries(value as object)
        .map(([key, item]) =>
          element('entry', element('key', escapeXml(key)) + element('value', write(model, shape.value, item))),
        )
        .join('')
    case 'timestamp':
      // Whole seconds, as AWS writes them.
      return (value as Date).toISOString().replace(/\.\d{3}Z$/, 'Z')
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64')
    default:
      return escapeXml(String(value))
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
}

/** Text escaped for XML 1.0; characters that XML 1.0 cannot represent are left out. */
export const escapeXml = (text: string): string =>
  text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"\r]/g, (character) => ESCAPES[character] as string)

/** The codes that the query services use for errors of the path. All other errors have their code in the contract. */
const queryCodes: Readonly<Partial<Record<ErrorName, { code: string; status: number; message?: string }>>> = {
  MissingAuthenticationTokenException: {
    code: 'MissingAuthenticationToken',
    status: 403,
    message: 'Request is missing Authentication Token',
  },
  UnrecognizedClientException: { code: 'InvalidClientTokenId', status: 403 },
  ExpiredTokenException: { code: 'ExpiredToken', status: 403 },
  InvalidSignatureException: { code: 'SignatureDoesNotMatch', status: 403 },
  IncompleteSignatureException: { code: 'IncompleteSignature', status: 400 },
  AccessDeniedException: { code: 'AccessDenied', status: 403 },
  AccessDenied: { code: 'AccessDenied', status: 403 },
  TooManyRequestsException: { code: 'Throttling', status: 400 },
  UnknownOperationException: { code: 'InvalidAction', status: 400 },
  // Of a body that is too large, whose operation is not known; no contract of a query service has this name.
  InvalidParameterException: { code: 'ValidationError', status: 400 },
  InternalErrorException: { code: 'InternalFailure', status: 500 },
}

/** The code, status and text of an error in the query protocol. */
export function queryErrorParts(
  model: ServiceModel | undefined,
  operation: OperationModel | undefined,
  error: ApiError,
): { code: string; status: number; message: string } {
  const { name, message } = error
  // A public operation is not signed: an error about a token means the token in its input, and keeps the contract's
  // code.
  const isAboutInput = operation?.caller === 'public' && operation.errors.includes(name)
  const known = !isAboutInput && Object.hasOwn(queryCodes, name) ? queryCodes[name] : undefined
  if (known) return { code: known.code, status: error.status ?? known.status, message: known.message ?? message }
  const declared = model && Object.hasOwn(model.errors, name) ? model.errors[name] : undefined
  return { code: declared?.code ?? name, status: error.status ?? declared?.status ?? 400, message }
}

/** The body of an error. */
export function writeQueryError(
  xmlNamespace: string | undefined,
  { code, status, message }: { code: string; status: number; message: string },
  requestId: string,
): string {
  const type = status >= 500 ? 'Receiver' : 'Sender'
  const error = element(
    'Error',
    element('Type', type) + element('Code', escapeXml(code)) + element('Message', escapeXml(message)),
  )
  const namespace = xmlNamespace === undefined ? '' : ` xmlns="${xmlNamespace}"`
  return `<ErrorResponse${namespace}>${error}<RequestId>${requestId}</RequestId></ErrorResponse>`
}
