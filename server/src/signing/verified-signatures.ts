// A cache of valid signatures: a user sends the same access token with every call, and verifying its signature is most
// of the cost of a cheap call. The validity of a signature never changes; whether the key is still published, the token
// has expired or is revoked is checked on every call elsewhere.
import { type KeyObject, verify } from 'node:crypto'
import type { ParsedJws } from './jws.ts'

/**
 * Size of each of the two generations of the cache: when the recent one is full, the earlier one is dropped at once.
 * Tokens in use move to the recent one, so they stay cached. A token takes 1 to 2 KB.
 */
export const SIGNATURES_KEPT = 2048

/** One per server (context.ts). */
export interface VerifiedSignatures {
  /** Whether `token` (taken apart in `parsed`) is signed with this RS256 key. A key's id follows from the key (signing-keys.ts). */
  isSignedWith(
    key: { kid: string; publicKey: KeyObject },
    token: string,
    parsed: Pick<ParsedJws, 'content' | 'signature'>,
  ): boolean
}

export function createVerifiedSignatures(): VerifiedSignatures {
  // From a token to the kid of the key that signed it.
  let recent = new Map<string, string>()
  let earlier = new Map<string, string>()
  return {
    isSignedWith(key, token, { content, signature }) {
      if (recent.get(token) === key.kid) return true
      const known = earlier.get(token) === key.kid
      if (!known && !verify('sha256', Buffer.from(content), key.publicKey, signature)) return false
      if (recent.size >= SIGNATURES_KEPT) {
        earlier = recent
        recent = new Map()
      }
      recent.set(token, key.kid)
      return true
    },
  }
}
