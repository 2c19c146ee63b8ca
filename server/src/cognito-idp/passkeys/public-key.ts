// The public keys of passkeys that are accepted: ES256 on P-256, and RS256 of 2,048 to 4,096 bits.
// COSE_Key: RFC 9052 7, RFC 9053 2.1 and 7.1.1, RFC 8230 4. docs/reference/user-pools.md 11.2.
import { createPublicKey } from 'node:crypto'

/** Numbers of the algorithms in the registry of COSE, the preferred one first. */
export const ES256 = -7
export const RS256 = -257
export const algorithms: readonly number[] = [ES256, RS256]

type CoseKey = ReadonlyMap<number, unknown>

/** The parameters of a COSE_Key, by kind. The same label means another thing for another kind of key. */
const [KTY, ALG, CRV_OR_N, X_OR_E, Y] = [1, 3, -1, -2, -3]
const [EC2, RSA, P256] = [2, 3, 1]
const RSA_BITS = { min: 2048, max: 4096 }
const MAX_EXPONENT = 2n ** 32n

/** Whether this is a key that a signature can be verified with, of one of `algorithms`. */
export function isUsableKey(key: CoseKey): boolean {
  try {
    if (key.get(KTY) === EC2 && key.get(ALG) === ES256 && key.get(CRV_OR_N) === P256) {
      // Throws for a point that is not on the curve.
      createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: text(key, X_OR_E), y: text(key, Y) }, format: 'jwk' })
      return true
    }
    if (key.get(KTY) !== RSA || key.get(ALG) !== RS256) return false
    const jwk = { kty: 'RSA', n: text(key, CRV_OR_N), e: text(key, X_OR_E) }
    const details = createPublicKey({ key: jwk, format: 'jwk' }).asymmetricKeyDetails
    const { modulusLength: bits = 0, publicExponent: exponent = 0n } = details ?? {}
    // A long exponent would make every verification slow; an even one is no exponent of RSA.
    const isExponent = exponent > 2n && exponent < MAX_EXPONENT && exponent % 2n === 1n
    return bits >= RSA_BITS.min && bits <= RSA_BITS.max && isExponent
  } catch {
    return false
  }
}

function text(key: CoseKey, label: number): string {
  const value = key.get(label)
  if (!(value instanceof Uint8Array)) throw new TypeError('A part of the key is not bytes.')
  return Buffer.from(value).toString('base64url')
}
