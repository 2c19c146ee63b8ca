// Text and bytes in the encodings of the wire, read strictly: Node.js replaces bytes that are not UTF-8 and skips what is not
// base64, so that two different inputs would read as the same value.
import { isUtf8 } from 'node:buffer'

/** The text that `bytes` encode in UTF-8 (RFC 3629), a byte order mark included; undefined when they are not UTF-8. */
export const decodeUtf8 = (bytes: Uint8Array): string | undefined =>
  isUtf8(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString() : undefined

/**
 * The bytes of base64 in its canonical spelling (RFC 4648 4): the standard alphabet, padded, no unused bits set. Undefined
 * for any other text.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}

/**
 * The text of a name or value in a form or query string (`application/x-www-form-urlencoded`), where `+` is a blank;
 * undefined for a broken escape, and for escapes that are not UTF-8.
 */
export function decodeFormText(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/** Parses a JSON object in UTF-8, with or without a byte order mark (RFC 8259 8.1); undefined for anything else. */
export function parseObject(body: Buffer): Record<string, unknown> | undefined {
  const text = decodeUtf8(body)?.replace(/^\ufeff/, '')
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
