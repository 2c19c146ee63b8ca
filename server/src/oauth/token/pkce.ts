// Proof Key for Code Exchange (RFC 7636 4.6). Pure.
import { createHash } from 'node:crypto'
import { equalBytes } from '../../crypto/equal-bytes.ts'

/**
 * Whether a verifier is that of the challenge. A verifier for a request without a challenge is refused: somebody may have
 * taken the challenge out of the request (RFC 9700 4.8.2).
 */
export function provesVerifier(challenge: string | undefined, verifier: string | undefined): boolean {
  if (challenge === undefined || verifier === undefined) return challenge === verifier
  if (!/^[\w.~-]{43,128}$/.test(verifier)) return false
  return equalBytes(createHash('sha256').update(verifier, 'ascii').digest('base64url'), challenge)
}
