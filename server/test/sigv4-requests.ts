// Signed requests without a server, good ones and altered ones, and what the verifier says of them.
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { canonicalRequest, headersByName, stringToSign } from '../src/sigv4/canonical.ts'
import { signRequest, type UnsignedRequest } from '../src/sigv4/sign.ts'
import { deriveSigningKey } from '../src/sigv4/signing-key.ts'
import {
  type ParsedSignature,
  parseSignedRequest,
  type SignedRequest,
  type Verification,
  verifySignature,
} from '../src/sigv4/verify.ts'

export const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
export const target = { region: 'us-east-1', service: 'cognito-idp' }
export const now = Date.UTC(2026, 0, 7, 9, 5, 3)
export const date = '20260107T090503Z'
export const mismatchText =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and ' +
  'signing method. Consult the service documentation for details.'
export const mismatch = { code: 'InvalidSignatureException', message: mismatchText }

export type Header = readonly [string, string]
export const sha256Hex = (body: string) => createHash('sha256').update(body).digest('hex')
export const jsonHeaders: Header[] = [
  ['Host', 'localhost:9229'],
  ['Content-Type', 'application/x-amz-json-1.1'],
  ['X-Amz-Target', 'AWSCognitoIdentityProviderService.ListUserPools'],
]

/** A signed request of the header form; `change` alters it after signing. */
export function signed(
  options: Partial<UnsignedRequest> & { signedAt?: number; token?: string; scope?: Partial<typeof target> } = {},
  change: (headers: Header[]) => Header[] = (headers) => headers,
): SignedRequest {
  const { signedAt = now, token, scope, ...parts } = options
  const request = { method: 'POST', rawPath: '/', rawQuery: '', headers: jsonHeaders, body: '{}', ...parts }
  const headers = signRequest(request, { ...key, sessionToken: token }, { ...target, ...scope }, signedAt)
  return { ...request, headers: change(headers), bodySha256Hex: sha256Hex(String(request.body)) }
}

/** A signed request of the query form, from parameters that are already encoded. */
export function presigned(
  parameters: Record<string, string | undefined> = {},
  headers: Header[] = [['host', 'localhost']],
): SignedRequest {
  const all: Record<string, string | undefined> = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${key.accessKeyId}%2F20260107%2Fus-east-1%2Fcognito-idp%2Faws4_request`,
    'X-Amz-Date': date,
    'X-Amz-Expires': '900',
    'X-Amz-SignedHeaders': 'host',
    ...parameters,
  }
  const pairs = Object.entries(all).filter(([, value]) => value !== undefined)
  const rawQuery = pairs.map(([name, value]) => `${name}=${value}`).join('&')
  const request = { method: 'GET', rawPath: '/', rawQuery, headers, bodySha256Hex: sha256Hex('') }
  if (all['X-Amz-Signature'] !== undefined) return request
  const names = decodeURIComponent(all['X-Amz-SignedHeaders'] ?? '').split(';')
  const canonical = canonicalRequest(request, headersByName(headers), names, request.bodySha256Hex)
  const scope = { ...target, date: (all['X-Amz-Date'] ?? date).slice(0, 8) }
  const text = stringToSign(all['X-Amz-Date'] ?? date, scope, canonical)
  const signature = createHmacHex(deriveSigningKey(key.secretAccessKey, scope), text)
  return { ...request, rawQuery: `${rawQuery}&X-Amz-Signature=${signature}` }
}

export function createHmacHex(signingKey: Uint8Array, text: string): string {
  // Written out (RFC 2104), so that the test does not take the code's word for it.
  const block = Buffer.concat([signingKey, Buffer.alloc(64 - signingKey.byteLength)])
  const pad = (byte: number) => Buffer.from(block.map((value) => value ^ byte))
  const inner = createHash('sha256').update(pad(0x36)).update(text).digest()
  return createHash('sha256').update(pad(0x5c)).update(inner).digest('hex')
}

export function parsedOf(request: SignedRequest): ParsedSignature {
  const parsed = parseSignedRequest(request)
  if (parsed.kind === 'header' || parsed.kind === 'query') return parsed
  return expect.unreachable(JSON.stringify(parsed))
}

export function refusalOf(request: SignedRequest, options: Partial<Verification> = {}) {
  const parsed = parseSignedRequest(request)
  if (parsed.kind === 'none') return 'no signature'
  if (parsed.kind === 'refused') return parsed.refused
  const expected = { expectedService: target.service, expectedRegions: [target.region], skewSeconds: 300 }
  return verifySignature({ request, parsed, secretAccessKey: key.secretAccessKey, now, ...expected, ...options })
}

export const without = (name: string) => (headers: Header[]) => headers.filter(([each]) => each.toLowerCase() !== name)
export const plus = (name: string, value: string) => (headers: Header[]) => [...headers, [name, value] as const]
export const authorization = (edit: (value: string) => string) => (headers: Header[]) =>
  headers.map(([name, value]) => [name, name === 'authorization' ? edit(value) : value] as const)
