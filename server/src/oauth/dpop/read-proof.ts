// What a DPoP proof says, and whether it is one: a token that a client signs for one request with the key which its access
// tokens are bound to (RFC 9449 4.2, 4.3). Pure; that a proof is good once is proof.ts.
import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto'
import { type ParsedJws, parseJws } from '../../signing/jws.ts'
import { limits } from '../limits.ts'

interface Algorithm {
  readonly curve: string
  /** Of the signature; the curve has its own where there is none. */
  readonly hash: string | undefined
}

const EDWARDS: Algorithm = { curve: 'Ed25519', hash: undefined }

/** Elliptic curves alone: whoever sends a proof chooses its key, and checking a long RSA key is dear. */
const algorithms: Readonly<Record<string, Algorithm>> = {
  ES256: { curve: 'P-256', hash: 'sha256' },
  ES384: { curve: 'P-384', hash: 'sha384' },
  ES512: { curve: 'P-521', hash: 'sha512' },
  EdDSA: EDWARDS,
  Ed25519: EDWARDS,
}

export const PROOF_ALGORITHMS: readonly string[] = Object.keys(algorithms)

/** What a proof must be for. */
export interface ProvenRequest {
  readonly method: string
  /** The addresses that the request may have for its client. Query and fragment do not count. */
  readonly urls: readonly string[]
  /** The token that comes with it, at what is protected by tokens. */
  readonly accessToken?: string
}

export interface Proof {
  /** The thumbprint of the key (RFC 7638): claim `cnf.jkt` of the tokens that are bound to it. */
  readonly key: string
  /** Identifies the proof among those of all keys. */
  readonly id: string
  readonly nonce: string | undefined
  /** Epoch milliseconds: when its time is so far off that it is refused. */
  readonly expiresAt: number
}

export interface BadProof {
  /** For developers, in ASCII. */
  readonly problem: string
}

/** Reads and checks the header `DPoP` of a request, in which several are joined by commas. `now`: epoch milliseconds. */
export function readProof(text: string, request: ProvenRequest, now: number): Proof | BadProof {
  const parsed = parseJws(text, limits.proof.max)
  if (!parsed) return { problem: 'DPoP must be one token' }
  const { header } = parsed
  if (header['typ'] !== 'dpop+jwt') return { problem: 'typ must be dpop+jwt' }
  const named = String(header['alg'])
  const algorithm = Object.hasOwn(algorithms, named) ? algorithms[named] : undefined
  if (!algorithm) return { problem: `alg must be one of ${PROOF_ALGORITHMS.join(', ')}` }
  if (header['crit'] !== undefined || header['b64'] !== undefined) return { problem: 'the header demands too much' }
  const jwk = publicKeyOf(header['jwk'], algorithm)
  if (!jwk) return { problem: 'jwk must be a public key of the algorithm, and no private one' }
  if (!isSigned(parsed, jwk.key, algorithm)) return { problem: 'the signature is wrong' }
  return readClaims(parsed, jwk.thumbprint, request, now)
}

function readClaims({ claims }: ParsedJws, key: string, request: ProvenRequest, now: number): Proof | BadProof {
  const { jti, htm, htu, iat, ath, nonce } = claims
  if (typeof jti !== 'string' || jti === '' || jti.length > limits.parameter.max) return { problem: 'jti is missing' }
  if (htm !== request.method) return { problem: 'htm is not the method of the request' }
  const url = placeOf(htu)
  if (url === undefined || !request.urls.some((one) => placeOf(one) === url))
    return { problem: 'htu is not the address of the request' }
  if (typeof iat !== 'number' || !Number.isFinite(iat)) return { problem: 'iat is missing' }
  if (Math.abs(now / 1000 - iat) > limits.proofSeconds.max) return { problem: 'iat is not of this time' }
  if (request.accessToken !== undefined && ath !== hashOf(request.accessToken))
    return { problem: 'ath is not the hash of the access token' }
  if (nonce !== undefined && typeof nonce !== 'string') return { problem: 'nonce is no text' }
  return { key, id: hashOf(JSON.stringify([key, jti])), nonce, expiresAt: (iat + limits.proofSeconds.max) * 1000 }
}

/** An address without query and fragment, in one spelling (RFC 3986 6.2); undefined for what is none. */
function placeOf(address: unknown): string | undefined {
  if (typeof address !== 'string' || !URL.canParse(address)) return undefined
  const { origin, pathname, username, password } = new URL(address)
  return username === '' && password === '' ? origin + pathname : undefined
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url')

interface ProofKey {
  readonly key: KeyObject
  readonly thumbprint: string
}

const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

function publicKeyOf(given: unknown, { curve, hash }: Algorithm): ProofKey | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  const jwk = given as Readonly<Record<string, unknown>>
  if (PRIVATE.some((member) => Object.hasOwn(jwk, member))) return undefined
  const { crv, kty, x, y } = jwk
  const isEdwards = hash === undefined
  if (crv !== curve || kty !== (isEdwards ? 'OKP' : 'EC') || typeof x !== 'string') return undefined
  if (!isEdwards && typeof y !== 'string') return undefined
  // In the order of RFC 7638 3.2, which the thumbprint needs.
  const members = isEdwards ? { crv, kty, x } : { crv, kty, x, y }
  try {
    const key = createPublicKey({ key: members as JsonWebKey, format: 'jwk' })
    return { key, thumbprint: hashOf(JSON.stringify(members)) }
  } catch {
    return undefined
  }
}

function isSigned({ content, signature }: ParsedJws, key: KeyObject, { hash }: Algorithm): boolean {
  try {
    return verify(hash, Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' }, signature)
  } catch {
    return false
  }
}
