// Requests byte by byte: any headers, twice if need be, any body, any query, signed as the test says. For what no SDK
// would send.
import { createHash, createHmac } from 'node:crypto'
import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { cognitoIdpModel } from '../../src/contract/cognito-idp.model.ts'
import type { ServiceModel } from '../../src/contract/service-model.ts'
import { canonicalRequest, headersByName, stringToSign } from '../../src/sigv4/canonical.ts'
import { formatBasicIso } from '../../src/sigv4/date.ts'
import { type SigningCredentials, signRequest } from '../../src/sigv4/sign.ts'
import { deriveSigningKey } from '../../src/sigv4/signing-key.ts'

export type Headers = readonly (readonly [name: string, value: string])[]

/** What is to be known of a server: a TestServer, or one in a process of its own. */
export interface Target {
  readonly url: string
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly clock?: { now(): number }
}

export interface RawRequest {
  method?: string
  /** Path and query. */
  path?: string
  headers: Headers
  body: Uint8Array | string
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** The parsed body; `{}` for an empty one. Of XML, the code and message of an error in the same two members. */
  json: Record<string, unknown> & { __type?: string; message?: string }
  /**
   * CPU time in milliseconds that this process spent meanwhile, server and client: work, which other programs of a busy
   * machine do not change, as they would the time that passes.
   */
  work: number
}

const agent = new Agent({ keepAlive: true, maxSockets: 1024, maxFreeSockets: 1024 })

/** Sends exactly this, with a content-length. Rejects when the connection breaks or nothing comes for 20 seconds. */
export function sendRaw(target: Target, { method = 'POST', path = '/', headers, body }: RawRequest): Promise<Answer> {
  const bytes = Buffer.from(body as Uint8Array)
  const { hostname, port } = new URL(target.url)
  const named = headers.some(([name]) => name.toLowerCase() === 'content-length')
  const sent = [...headers, ...(named ? [] : [['content-length', String(bytes.length)] as const])]
  const startedAt = process.cpuUsage()
  return new Promise((resolve, reject) => {
    const outgoing = request({ agent, hostname, port, method, path, headers: sent.flat(), timeout: 20_000 })
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer for 20 seconds')))
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text,
          json: namedBy(incoming.headers, parse(text)),
          work: cpuMillisecondsSince(startedAt),
        })
      })
    })
    outgoing.end(bytes)
  })
}

/** REST JSON names an error in a header alone. */
function namedBy({ 'x-amzn-errortype': type }: IncomingHttpHeaders, json: Answer['json']): Answer['json'] {
  return typeof type === 'string' ? { __type: type.replace(/:.*/, ''), ...json } : json
}

function cpuMillisecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function parse(text: string): Answer['json'] {
  if (text === '') return {}
  if (!text.startsWith('<')) return JSON.parse(text) as Answer['json']
  const code = elementOf(text, 'Code')
  return text.startsWith('<ErrorResponse') && code !== undefined
    ? { __type: code, message: elementOf(text, 'Message') ?? '' }
    : {}
}

/** The text of the first element with this name that holds text alone. */
export const elementOf = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)</${name}>`)
    .exec(xml)?.[1]
    ?.replaceAll('&#xD;', '\r')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

/** The headers of a call, unsigned; of user pools unless told otherwise. */
export const apiHeaders = (target: Target, operation: string, model: ServiceModel = cognitoIdpModel): Headers => [
  ['host', new URL(target.url).host],
  ...HEADERS[model.protocol](operation, model),
]

const HEADERS: Readonly<Record<ServiceModel['protocol'], (operation: string, model: ServiceModel) => Headers>> = {
  query: () => [['content-type', 'application/x-www-form-urlencoded; charset=utf-8']],
  json: (operation, model) => [
    ['content-type', 'application/x-amz-json-1.1'],
    ['x-amz-target', `${model.targetPrefix}.${operation}`],
  ],
  'rest-json': () => [['content-type', 'application/json']],
}

/**
 * The unsigned request of a text that a protocol wrote (bad-input/protocols.ts): one of REST JSON has method and path in a
 * line before its body.
 */
export function requestOf(
  target: Target,
  operation: string,
  model: ServiceModel,
  text: Uint8Array | string,
): RawRequest & { body: Uint8Array } {
  const bytes = Buffer.from(text as Uint8Array)
  const headers = apiHeaders(target, operation, model)
  if (model.protocol !== 'rest-json') return { headers, body: bytes }
  const end = bytes.indexOf('\n')
  const [method = '', path = ''] = bytes.subarray(0, end).toString('latin1').split(' ')
  return { method, path, headers, body: bytes.subarray(end + 1) }
}

export interface SigningChoices {
  credentials?: SigningCredentials
  region?: string
  service?: string
  /** Epoch milliseconds. */
  at?: number
}

/** `headers` and those of a signature over them and the body: the administrator's unless `choices` say otherwise. */
export function signed(
  target: Target,
  { headers, body, method = 'POST', path = '/' }: RawRequest,
  choices: SigningChoices = {},
): Headers {
  const [rawPath = '/', rawQuery = ''] = path.split('?')
  return signRequest(
    { method, rawPath, rawQuery, headers, body },
    choices.credentials ?? target.credentials,
    { region: choices.region ?? target.region, service: choices.service ?? 'cognito-idp' },
    choices.at ?? target.clock?.now() ?? Date.now(),
  )
}

/** A call as the administrator or somebody else signs it, or unsigned. A form names its operation itself. */
export function call(
  target: Target,
  operation: string,
  body: unknown,
  {
    sign = false,
    model = cognitoIdpModel,
    contentType,
    ...where
  }: {
    sign?: boolean | SigningCredentials
    model?: ServiceModel
    method?: string
    path?: string
    contentType?: string | undefined
  } = {},
): Promise<Answer> {
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  const plain = requestOf(target, operation, model, bytes)
  const headers = contentType === undefined ? plain.headers : replaced(plain.headers, 'content-type', () => contentType)
  const request = { ...plain, ...where, headers }
  if (sign === false) return sendRaw(target, request)
  const choices = { service: model.signingName, ...(sign !== true && { credentials: sign }) }
  return sendRaw(target, { ...request, headers: signed(target, request, choices) })
}

/** What an answer says, for comparing. */
export const outcome = ({ status, json }: Answer): object => ({ status, error: json.__type, message: json.message })

/** `headers` but one. */
export const without = (headers: Headers, name: string): Headers =>
  headers.filter(([key]) => key.toLowerCase() !== name)

/** `headers` with the value of one changed. */
export const replaced = (headers: Headers, name: string, change: (value: string) => string): Headers =>
  headers.map(([key, value]) => [key, key.toLowerCase() === name ? change(value) : value] as const)

/** The query form of a signature (docs/reference/identity-pools-sts-iam-sync.md 14.1), good for a minute. */
export function presigned(target: Target, request: RawRequest, offsetSeconds = 0): RawRequest {
  const date = formatBasicIso((target.clock?.now() ?? Date.now()) + offsetSeconds * 1000)
  const scope = { date: date.slice(0, 8), region: target.region, service: 'cognito-idp' }
  const headers = headersByName(without(without(request.headers, 'authorization'), 'x-amz-date'))
  const signedHeaders = [...headers.keys()].sort()
  const { accessKeyId, secretAccessKey } = target.credentials
  const parameters = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${scope.date}/${scope.region}/${scope.service}/aws4_request`,
    'X-Amz-Date': date,
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': signedHeaders.join(';'),
  }
  const rawQuery = Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  const hash = createHash('sha256').update(request.body).digest('hex')
  const canonical = canonicalRequest({ method: 'POST', rawPath: '/', rawQuery }, headers, signedHeaders, hash)
  const signature = createHmac('sha256', deriveSigningKey(secretAccessKey, scope))
    .update(stringToSign(date, scope, canonical))
    .digest('hex')
  return { ...request, path: `/?${rawQuery}&X-Amz-Signature=${signature}` }
}
