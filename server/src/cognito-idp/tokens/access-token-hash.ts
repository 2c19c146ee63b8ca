import { createHash } from 'node:crypto'

/** Claim at_hash: the left half of the token's SHA-256 in base64url (OpenID Connect Core 3.1.3.6, for RS256). */
export const accessTokenHash = (token: string): string =>
  createHash('sha256').update(token, 'ascii').digest().subarray(0, 16).toString('base64url')
