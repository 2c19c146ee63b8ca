// The canonical form of a request, which signer and verifier of Signature Version 4 hash
// (docs/reference/identity-pools-sts-iam-sync.md 14.1.3). Text here is what node:http delivers: one character per byte
// (latin1). Nothing is decoded as UTF-8.
import { createHash } from 'node:crypto'

export const algorithm = 'AWS4-HMAC-SHA256'
export const scopeTerminator = 'aws4_request'

/** A header name (any case) and value; a header sent twice is two entries, in arrival order. */
export type HeaderList = ReadonlyArray<readonly [name: string, value: string]>

/**
 * A request as it was on the wire. `rawPath` and `rawQuery` (without "?") are cut from the request target, undecoded;
 * `headers` are node:http's `rawHeaders` in pairs: a joined form hides duplicates. `bodySha256Hex` is lower-case.
 */
export interface SignedRequest {
  method: string
  rawPath: string
  rawQuery: string
  headers: HeaderList
  bodySha256Hex: string
}

/** What a signature is scoped to: yyyymmdd, region, service. */
export interface CredentialScope {
  date: string
  region: string
  service: string
}

/**
 * The path without dot segments and repeated slashes. The signature covers this path, so routing has to use it as well:
 * a router that reads "/a/../b" differently would act on a path that was not signed.
 */
export function normalizePath(rawPath: string): string {
  const segments: string[] = []
  for (const segment of rawPath.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return segments.length === 0 ? '/' : `/${segments.join('/')}${rawPath.endsWith('/') ? '/' : ''}`
}

/** The normalised path with every byte but unreserved ones and "/" encoded: "%3A" becomes "%253A". */
export function canonicalPath(rawPath: string): string {
  return encode(normalizePath(rawPath), /[^A-Za-z0-9\-._~/]/g)
}

/** Parameters as sent, still encoded. Empty ones ("a=1&&b=2") are dropped. */
export function splitQuery(rawQuery: string): Array<readonly [name: string, value: string]> {
  return rawQuery
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => {
      const at = piece.indexOf('=')
      return at < 0 ? [piece, ''] : [piece.slice(0, at), piece.slice(at + 1)]
    })
}

/** Parameters decoded and encoded again, sorted by name and value as bytes, without `X-Amz-Signature`. */
export function canonicalQuery(rawQuery: string): string {
  return splitQuery(rawQuery)
    .map(([name, value]) => [recode(name), recode(value)] as const)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .sort(([name1, value1], [name2, value2]) => compare(name1, name2) || compare(value1, value2))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** Header values by lower-case name, in arrival order. */
export function headersByName(headers: HeaderList): Map<string, string[]> {
  const byName = new Map<string, string[]>()
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    const values = byName.get(key)
    if (values) values.push(value)
    else byName.set(key, [value])
  }
  return byName
}

/** The canonical request. `signedHeaders` are lower-case, sorted and present in `headers`. */
export function canonicalRequest(
  request: Pick<SignedRequest, 'method' | 'rawPath' | 'rawQuery'>,
  headers: ReadonlyMap<string, readonly string[]>,
  signedHeaders: readonly string[],
  payloadHash: string,
): string {
  const headerLines = signedHeaders.map((name) => `${name}:${(headers.get(name) ?? []).map(trimValue).join(',')}\n`)
  return [
    request.method,
    canonicalPath(request.rawPath),
    canonicalQuery(request.rawQuery),
    headerLines.join(''),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n')
}

/** `date` is the basic ISO form (20150830T123600Z). */
export function stringToSign(date: string, scope: CredentialScope, canonical: string): string {
  const hash = createHash('sha256').update(canonical, 'latin1').digest('hex')
  return `${algorithm}\n${date}\n${scope.date}/${scope.region}/${scope.service}/${scopeTerminator}\n${hash}`
}

/** Bytes beyond the unreserved ones of RFC 3986 as %XX. */
export function encode(text: string, reserved: RegExp = /[^A-Za-z0-9\-._~]/g): string {
  return text.replace(reserved, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}

/** Decodes %XX to bytes; any other percent sign stays, and "+" is a plus. */
export function decode(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function recode(text: string): string {
  return encode(decode(text))
}

function trimValue(value: string): string {
  return value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
