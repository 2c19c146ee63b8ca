// Refresh tokens: sealed and self-contained, opaque to clients. Issuing one writes nothing to the database; only a
// revocation, a sign-out everywhere or a rotation does (revocation-store.ts).
import type { Sealer } from '../../crypto/seal.ts'
import type { SignIn } from './claims.ts'

export interface RefreshToken {
  readonly userPoolId: string
  readonly clientId: string
  readonly sub: string
  readonly signIn: SignIn
  /** Epoch milliseconds: when the first token of the sign-in was made, which may be long after the browser signed in. */
  readonly madeAt: number
  /** Epoch milliseconds. A rotation keeps the value of the first token. */
  readonly expiresAt: number
  /** Number of rotations before this one. */
  readonly generation: number
}

// Clients that inspect a refresh token expect a compact JWE of five segments (docs/reference/user-pools.md 4). The
// header says direct encryption, so the second segment is empty; the other three are the sealed text, cut in three.
const HEADER = Buffer.from('{"cty":"JWT","enc":"A256GCM","alg":"dir"}').toString('base64url')
const IV_LENGTH = 16
const TAG_LENGTH = 22
const PURPOSE = 'refresh-token'

export function sealRefreshToken(sealer: Sealer, token: RefreshToken): string {
  const sealed = sealer.sealJson(PURPOSE, token, '')
  return `${HEADER}..${sealed.slice(0, IV_LENGTH)}.${sealed.slice(IV_LENGTH, -TAG_LENGTH)}.${sealed.slice(-TAG_LENGTH)}`
}

/** The token's content; undefined when it is damaged or not made here. The caller checks expiry and revocation. */
export function openRefreshToken(sealer: Sealer, text: string): RefreshToken | undefined {
  const parts = text.split('.')
  if (parts.length !== 5 || parts[0] !== HEADER || parts[1] !== '') return undefined
  const [, , iv = '', body = '', tag = ''] = parts
  if (iv.length !== IV_LENGTH || tag.length !== TAG_LENGTH) return undefined
  return sealer.openJson(PURPOSE, iv + body + tag, '') as RefreshToken | undefined
}
