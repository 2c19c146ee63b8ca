import { createHash, createHmac } from 'node:crypto'
import {
  algorithm,
  canonicalRequest,
  type HeaderList,
  headersByName,
  scopeTerminator,
  stringToSign,
} from './canonical.ts'
import { formatBasicIso } from './date.ts'
import { deriveSigningKey } from './signing-key.ts'

/** A request to sign. `headers` hold host (with a non-default port) and everything else that is to be signed. */
export interface UnsignedRequest {
  method: string
  rawPath: string
  rawQuery: string
  headers: HeaderList
  body: Uint8Array | string
}

export interface SigningCredentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string | undefined
}

/**
 * The headers of a request to send, signed with Signature Version 4 in the header form: the given ones, all signed, plus
 * x-amz-date, x-amz-security-token for temporary credentials, and authorization. `now` is in epoch milliseconds.
 */
export function signRequest(
  request: UnsignedRequest,
  credentials: SigningCredentials,
  target: { region: string; service: string },
  now: number,
): Array<readonly [name: string, value: string]> {
  const date = formatBasicIso(now)
  const scope = { date: date.slice(0, 8), region: target.region, service: target.service }
  const sent = [...request.headers, ['x-amz-date', date] as const]
  if (credentials.sessionToken !== undefined) sent.push(['x-amz-security-token', credentials.sessionToken])

  const headers = headersByName(sent)
  const signedHeaders = [...headers.keys()].sort()
  const payloadHash = createHash('sha256').update(request.body).digest('hex')
  const canonical = canonicalRequest(request, headers, signedHeaders, payloadHash)
  const key = deriveSigningKey(credentials.secretAccessKey, scope)
  const signature = createHmac('sha256', key)
    .update(stringToSign(date, scope, canonical), 'utf8')
    .digest('hex')

  const credential = [credentials.accessKeyId, scope.date, scope.region, scope.service, scopeTerminator].join('/')
  const authorization = `${algorithm} Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`
  return [...sent, ['authorization', authorization]]
}

/**
 * The headers of a request to the address of a service, signed, without `host`, which the client of HTTP adds. `url` has no query;
 * `now` is in epoch milliseconds.
 */
export function signedRequestHeaders(
  method: 'POST' | 'PUT',
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  credentials: SigningCredentials,
  target: { region: string; service: string },
  now: number,
): Record<string, string> {
  const all: [string, string][] = [['host', url.host], ...Object.entries(headers)]
  const request = { method, rawPath: url.pathname, rawQuery: '', headers: all, body }
  return Object.fromEntries(signRequest(request, credentials, target, now).filter(([name]) => name !== 'host'))
}
