// The algorithms of XML Signature that are allowed (RFC 9231): SHA-2 with RSA (PKCS #1 v1.5) or ECDSA. SHA-1, MD5, DSA
// and HMAC are not (docs/reference/threats.md 31): with HMAC a public key could be used as the secret
// (algorithm confusion).
import { type KeyObject, verify } from 'node:crypto'

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const XMLENC = 'http://www.w3.org/2001/04/xmlenc#'

/** Node.js's names of digests by their URIs. */
export const DIGESTS: ReadonlyMap<string, string> = new Map([
  [`${XMLENC}sha256`, 'sha256'],
  [`${MORE}sha384`, 'sha384'],
  [`${XMLENC}sha512`, 'sha512'],
])

export interface SignatureAlgorithm {
  digest: string
  keyType: 'rsa' | 'ec'
}

export const RSA_SHA256 = `${MORE}rsa-sha256`

export const SIGNATURES: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  [RSA_SHA256, { digest: 'sha256', keyType: 'rsa' }],
  [`${MORE}rsa-sha384`, { digest: 'sha384', keyType: 'rsa' }],
  [`${MORE}rsa-sha512`, { digest: 'sha512', keyType: 'rsa' }],
  [`${MORE}ecdsa-sha256`, { digest: 'sha256', keyType: 'ec' }],
  [`${MORE}ecdsa-sha384`, { digest: 'sha384', keyType: 'ec' }],
  [`${MORE}ecdsa-sha512`, { digest: 'sha512', keyType: 'ec' }],
])

export const EXCLUSIVE_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#'
export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'

const SMALLEST_RSA_BITS = 2048

/** Whether a key has the type of the algorithm and is long enough. */
export function fits(key: KeyObject, { keyType }: SignatureAlgorithm): boolean {
  if (key.asymmetricKeyType !== keyType) return false
  return keyType === 'ec' || (key.asymmetricKeyDetails?.modulusLength ?? 0) >= SMALLEST_RSA_BITS
}

/**
 * Verifies a signature. XML Signature encodes ECDSA signatures as r and s concatenated (RFC 9231 2.3.6), not as DER.
 */
export function verifies(algorithm: SignatureAlgorithm, key: KeyObject, signed: string, signature: Buffer): boolean {
  return verify(algorithm.digest, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, signature)
}
