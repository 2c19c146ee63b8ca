// Compact JWS (RFC 7515 7.1): strict parsing and serialization of tokens. Verifying the signature and the claims is not
// done here.
import { decodeUtf8 } from '../encodings.ts'
import { limits } from './limits.ts'

export interface ParsedJws {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  /** The signed text: encoded header and claims. */
  readonly content: string
  readonly signature: Buffer
}

/**
 * The parts of a token; undefined unless `token` is a JWS in canonical base64url whose header and claims are JSON
 * objects.
 */
export function parseJws(token: string, max: number = limits.token.max): ParsedJws | undefined {
  const [headerText = '', claimsText = '', signatureText = '', ...rest] = token.length <= max ? token.split('.') : []
  const header = decode(headerText)
  const claims = decode(claimsText)
  const signature = fromBase64url(signatureText)
  if (rest.length > 0 || !header || !claims || !signature) return undefined
  return { header, claims, content: `${headerText}.${claimsText}`, signature }
}

/** The content of a token to be signed. */
export const jwsContent = (header: Record<string, unknown>, claims: Record<string, unknown>): string =>
  `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`

/** A signed token. */
export const jws = (content: string, signature: Uint8Array): string =>
  `${content}.${Buffer.from(signature).toString('base64url')}`

/** RFC 7519 7.2: header and claims are UTF-8. */
function decode(part: string): Record<string, unknown> | undefined {
  const bytes = fromBase64url(part)
  const text = bytes && decodeUtf8(bytes)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

// Node decodes leniently; accepting only the canonical spelling means that a token cannot be altered and stay valid.
function fromBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return text !== '' && bytes.toString('base64url') === text ? bytes : undefined
}

const base64url = (text: string): string => Buffer.from(text).toString('base64url')
