import { timingSafeEqual } from 'node:crypto'

/**
 * Whether two byte strings are the same, in time that depends on their lengths only.
 * Text is compared as its UTF-8 bytes. The lengths themselves are not secret anywhere this is used.
 */
export function equalBytes(a: Uint8Array | string, b: Uint8Array | string): boolean {
  const left = typeof a === 'string' ? Buffer.from(a, 'utf8') : a
  const right = typeof b === 'string' ? Buffer.from(b, 'utf8') : b
  return left.byteLength === right.byteLength && timingSafeEqual(left, right)
}
