// Signatures that were found good, remembered: an access token comes with every call of its user for as long as it lives,
// and checking its signature anew is most of what a cheap call costs. A signature stays as good as it was; whether the
// key is still published, the token has expired or its sign-in has ended is asked for every call, by others.
import { type KeyObject, verify } from 'node:crypto'
import type { ParsedJws } from './jws.ts'

/** Remembered at least; a generation as large is dropped at once, so that what is used stays. A token takes 1 to 2 KB. */
export const SIGNATURES_KEPT = 2048

/** Made once for a server (context.ts). */
export interface VerifiedSignatures {
  /** Whether `token` (taken apart in `parsed`) is signed with this RS256 key. A key's id follows from the key (signing-keys.ts). */
  isSignedWith(
    key: { kid: string; publicKey: KeyObject },
    token: string,
    parsed: Pick<ParsedJws, 'content' | 'signature'>,
  ): boolean
}

export function createVerifiedSignatures(): VerifiedSignatures {
  // The id of the key by the token that it signed.
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
