// A cache of tokens with valid signatures, taken apart: a user sends the same access token with every call, and reading it
// and verifying its signature is most of the cost of a cheap call. The validity of a signature never changes; whether the
// key is still published, the token has expired or is revoked is checked on every call elsewhere.
import { type KeyObject, verify } from 'node:crypto'
import { type ParsedJws, parseJws } from './jws.ts'

/**
 * Size of each of the two generations of the cache: when the recent one is full, the earlier one is dropped at once.
 * Tokens in use move to the recent one, so they stay cached. A token takes 2 to 4 KB.
 */
export const SIGNATURES_KEPT = 2048

/** One per server (context.ts). */
export interface VerifiedSignatures {
  /** The parts of `token`, as `parseJws` reads them: the same object each time while its signature is remembered. */
  parse(token: string): ParsedJws | undefined
  /** Whether `token` (taken apart in `parsed`) is signed with this RS256 key. A key's id follows from the key (signing-keys.ts). */
  isSignedWith(key: { kid: string; publicKey: KeyObject }, token: string, parsed: ParsedJws): boolean
}

interface Verified {
  /** Of the key that signed the token. */
  readonly kid: string
  readonly parsed: ParsedJws
}

export function createVerifiedSignatures(): VerifiedSignatures {
  let recent = new Map<string, Verified>()
  let earlier = new Map<string, Verified>()
  const find = (token: string): Verified | undefined => recent.get(token) ?? earlier.get(token)
  return {
    parse: (token) => find(token)?.parsed ?? parseJws(token),
    isSignedWith(key, token, parsed) {
      if (recent.get(token)?.kid === key.kid) return true
      const known = earlier.get(token)
      const isKnown = known?.kid === key.kid
      if (!isKnown && !verify('sha256', Buffer.from(parsed.content), key.publicKey, parsed.signature)) return false
      if (recent.size >= SIGNATURES_KEPT) {
        earlier = recent
        recent = new Map()
      }
      recent.set(token, isKnown ? known : { kid: key.kid, parsed })
      return true
    },
  }
}
