// Parses the signature of a request, in its Authorization header or its query string. Verifying the signature is
// verify.ts. Parsing needs no secret, so it runs before the access key is looked up.
import {
  algorithm,
  type CredentialScope,
  decode,
  headersByName,
  type SignedRequest,
  scopeTerminator,
  splitQuery,
} from './canonical.ts'
import { basicIsoOfDateHeader, parseBasicIso } from './date.ts'
import { incomplete, invalid, mismatch, type SignatureRefusal } from './refusals.ts'

/** A well-formed signature. `date` is the basic ISO form (20150830T123600Z). */
export interface ParsedSignature {
  kind: 'header' | 'query'
  accessKeyId: string
  scope: CredentialScope
  /** Lower-case, sorted, each once. */
  signedHeaders: readonly string[]
  signature: string
  date: string
  /**
   * Header form: the header the date came from. (The query form has it in the query string, which is always signed.)
   */
  dateHeader?: 'x-amz-date' | 'date'
  /** Query form: seconds after `date` for which the signature is valid. */
  expiresSeconds?: number
  sessionToken?: string
}

export type ParseResult = { kind: 'none' } | { kind: 'refused'; refused: SignatureRefusal } | ParsedSignature

type Headers = ReadonlyMap<string, readonly string[]>

// Headers that decide on the caller, the operation and the time: repeated ones are ambiguous, so they are refused.
const singleHeaders = [
  'authorization',
  'content-length',
  'content-type',
  'date',
  'host',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-target',
]
const requiredParameters = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders'] as const
const singleParameters = [...requiredParameters, 'X-Amz-Date', 'X-Amz-Expires', 'X-Amz-Security-Token']
const longestExpirySeconds = 604_800

/**
 * The signature of a request: none, one in the header or query form, or the refusal of one that is malformed, ambiguous
 * or whose scope contradicts its date (docs/reference/identity-pools-sts-iam-sync.md 14.1.1, 14.1.2, 14.3). A signature
 * in both places is refused. Never throws.
 */
export function parseSignedRequest(request: SignedRequest): ParseResult {
  const headers = headersByName(request.headers)
  const authorization = headers.get('authorization')?.[0]
  const parameters = splitQuery(request.rawQuery).map(([name, value]) => [decode(name), decode(value)] as const)
  const inQuery = parameters.some(([name]) => requiredParameters.some((required) => required === name))
  if (authorization === undefined && !inQuery) return { kind: 'none' }

  const repeated = repetition(headers, parameters)
  if (repeated) return refused(incomplete(`The request has more than one '${repeated}'.`))
  if (authorization !== undefined && inQuery) {
    return refused(incomplete('A request is signed in its Authorization header or in its query string, not in both.'))
  }
  const parsed = inQuery ? parseQuery(new Map(parameters), headers) : parseHeader(authorization ?? '', headers)
  return 'code' in parsed ? refused(parsed) : parsed
}

function refused(refusal: SignatureRefusal): ParseResult {
  return { kind: 'refused', refused: refusal }
}

function repetition(headers: Headers, parameters: ReadonlyArray<readonly [string, string]>): string | undefined {
  return (
    singleHeaders.find((name) => (headers.get(name)?.length ?? 0) > 1) ??
    singleParameters.find((name) => parameters.filter((parameter) => parameter[0] === name).length > 1)
  )
}

function parseHeader(authorization: string, headers: Headers): ParsedSignature | SignatureRefusal {
  const [, scheme = '', rest = ''] = /^(?:([^\s=,]+)[ \t]+)?(.*)$/s.exec(authorization) ?? []
  const parts = new Map<string, string>()
  for (const part of rest.split(',').map((text) => text.trim())) {
    const at = part.indexOf('=')
    if (at < 0) {
      return incomplete(
        `'${part}' not a valid key=value pair (missing equal-sign) in Authorization header: '${authorization}'.`,
      )
    }
    if (parts.has(part.slice(0, at))) return incomplete(`The request has more than one '${part.slice(0, at)}'.`)
    parts.set(part.slice(0, at), part.slice(at + 1))
  }
  const dateHeader = headers.has('x-amz-date') ? 'x-amz-date' : 'date'
  const sentDate = headers.get(dateHeader)?.[0]
  const missing = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !parts.get(name))
    .map((name) => `Authorization header requires '${name}' parameter. `)
  if (sentDate === undefined) {
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
  }
  if (missing.length > 0) return incomplete(`${missing.join('')}Authorization=${authorization}`)
  if (scheme !== algorithm) return incomplete(`Unsupported AWS 'algorithm': '${scheme}'.`)

  const date = dateHeader === 'date' ? basicIsoOfDateHeader(sentDate ?? '') : sentDate
  const sessionToken = headers.get('x-amz-security-token')?.[0]
  return assemble(parts.get('Credential') ?? '', parts.get('SignedHeaders') ?? '', date, sentDate ?? '', {
    kind: 'header',
    signature: parts.get('Signature') ?? '',
    dateHeader,
    ...(sessionToken !== undefined && { sessionToken }),
  })
}

function parseQuery(parameters: ReadonlyMap<string, string>, headers: Headers): ParsedSignature | SignatureRefusal {
  const missing = [...requiredParameters, 'X-Amz-Date', 'X-Amz-Expires'].filter((name) => !parameters.get(name))
  if (missing.length > 0) {
    const names = missing.map((name) => `'${name}'`).join(', ')
    return incomplete(`AWS query-string parameters must include ${names}. Re-examine the query-string parameters.`)
  }
  const scheme = parameters.get('X-Amz-Algorithm') ?? ''
  if (scheme !== algorithm) return incomplete(`Unsupported AWS 'algorithm': '${scheme}'.`)
  const expires = parameters.get('X-Amz-Expires') ?? ''
  const expiresSeconds = /^\d{1,6}$/.test(expires) ? Number(expires) : 0
  if (expiresSeconds < 1 || expiresSeconds > longestExpirySeconds) {
    return incomplete(`X-Amz-Expires must be a number of seconds from 1 to ${longestExpirySeconds}.`)
  }
  const inHeader = headers.get('x-amz-security-token')?.[0]
  const inQuery = parameters.get('X-Amz-Security-Token')
  if (inHeader !== undefined && inQuery !== undefined) {
    return incomplete("The request has more than one 'X-Amz-Security-Token'.")
  }
  const sessionToken = inQuery ?? inHeader
  const date = parameters.get('X-Amz-Date') ?? ''
  const [credential = '', signedHeaders = ''] = ['X-Amz-Credential', 'X-Amz-SignedHeaders'].map((name) =>
    parameters.get(name),
  )
  return assemble(credential, signedHeaders, date, date, {
    kind: 'query',
    signature: parameters.get('X-Amz-Signature') ?? '',
    expiresSeconds,
    ...(sessionToken !== undefined && { sessionToken }),
  })
}

/** Checks what both forms share. `date` is the basic ISO form of `sentDate`, if it has one. */
function assemble(
  credential: string,
  signedHeaderList: string,
  date: string | undefined,
  sentDate: string,
  form: Omit<ParsedSignature, 'accessKeyId' | 'scope' | 'signedHeaders' | 'date'>,
): ParsedSignature | SignatureRefusal {
  const elements = credential.split('/')
  const [accessKeyId = '', scopeDate = '', region = '', service = '', terminator = ''] = elements
  if (elements.length !== 5 || elements.includes('')) {
    return incomplete(
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, ' +
        `got '${credential}'`,
    )
  }
  if (date === undefined || parseBasicIso(date) === undefined) {
    return incomplete(
      `Date must be in ISO-8601 'basic format'. Got '${sentDate}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    )
  }
  if (terminator !== scopeTerminator) {
    return invalid(`Credential should be scoped with a valid terminator: '${scopeTerminator}', not '${terminator}'. `)
  }
  if (scopeDate !== date.slice(0, 8)) {
    return invalid(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
        `'${scopeDate}' != '${date.slice(0, 8)}', from '${date}'.`,
    )
  }
  const signedHeaders = signedHeaderList.split(';')
  const isCanonical = signedHeaders.every(
    (name, index) =>
      /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) && (index === 0 || name > (signedHeaders[index - 1] ?? '')),
  )
  if (!isCanonical)
    return mismatch(`the list of signed headers is not lower-case, sorted and unique: ${signedHeaderList}`)
  return { ...form, accessKeyId, scope: { date: scopeDate, region, service }, signedHeaders, date }
}
