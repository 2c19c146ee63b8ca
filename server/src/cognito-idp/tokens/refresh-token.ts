// Refresh tokens: sealed, self-contained, opaque. What they lack is in the database only when something happened to
// them: a revocation, a sign-out everywhere, a rotation.
import type { Sealer } from '../../crypto/seal.ts'
import type { SignIn } from './claims.ts'

export interface RefreshToken {
  readonly userPoolId: string
  readonly clientId: string
  readonly sub: string
  readonly signIn: SignIn
  /** Epoch milliseconds. Rotated tokens keep the first one's. */
  readonly expiresAt: number
  /** Number of rotations before this one. */
  readonly generation: number
  readonly deviceKey?: string
}

// Clients that look at the shape expect a compact JWE of five segments (docs/reference/user-pools.md 4). The header is
// that of direct encryption, whose second segment is empty; the others are the sealed text, cut.
const HEADER = Buffer.from('{"cty":"JWT","enc":"A256GCM","alg":"dir"}').toString('base64url')
const IV_LENGTH = 16
const TAG_LENGTH = 22
const PURPOSE = 'refresh-token'

export function sealRefreshToken(sealer: Sealer, token: RefreshToken): string {
  const sealed = sealer.sealJson(PURPOSE, token, '')
  return `${HEADER}..${sealed.slice(0, IV_LENGTH)}.${sealed.slice(IV_LENGTH, -TAG_LENGTH)}.${sealed.slice(-TAG_LENGTH)}`
}

/** The token's content; undefined when it is damaged or not ours. Expiry and revocation are the caller's to check. */
export function openRefreshToken(sealer: Sealer, text: string): RefreshToken | undefined {
  const parts = text.split('.')
  if (parts.length !== 5 || parts[0] !== HEADER || parts[1] !== '') return undefined
  const [, , iv = '', body = '', tag = ''] = parts
  if (iv.length !== IV_LENGTH || tag.length !== TAG_LENGTH) return undefined
  return sealer.openJson(PURPOSE, iv + body + tag, '') as RefreshToken | undefined
}
