import { createHash } from 'node:crypto'

/** SHA-256 of UTF-8 text, in base64url (43 characters). */
export const sha256Text = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64url')

/** `count` bytes that follow from `seed` and look random to whoever does not know it (SHAKE256, FIPS 202 section 6.2). */
export const stretched = (seed: Uint8Array, count: number): Buffer =>
  createHash('shake256', { outputLength: count }).update(seed).digest()
