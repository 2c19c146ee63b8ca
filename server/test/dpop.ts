// A key that an application binds its tokens to, and the proofs that it makes with it (RFC 9449), for tests.
import { createHash, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, type JWK, SignJWT } from 'jose'

export interface ProofKey {
  readonly privateKey: KeyObject
  readonly jwk: JWK
  /** Claim `cnf.jkt` of its tokens. */
  readonly jkt: string
}

export async function makeProofKey(namedCurve = 'P-256'): Promise<ProofKey> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve })
  const jwk = await exportJWK(publicKey)
  return { privateKey, jwk, jkt: await calculateJwkThumbprint(jwk) }
}

export interface Proving {
  readonly htm?: string
  readonly htu: string
  /** Epoch milliseconds. */
  readonly now?: number
  readonly nonce?: string | undefined
  readonly accessToken?: string
  readonly header?: Record<string, unknown>
  readonly claims?: Record<string, unknown>
}

export const makeProof = (
  { privateKey, jwk }: ProofKey,
  { htm = 'POST', htu, now = Date.now(), nonce, accessToken, header = {}, claims = {} }: Proving,
): Promise<string> =>
  new SignJWT({
    jti: randomUUID(),
    htm,
    htu,
    iat: Math.floor(now / 1000),
    ...(nonce !== undefined && { nonce }),
    ...(accessToken !== undefined && { ath: createHash('sha256').update(accessToken).digest('base64url') }),
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: jwk as never, ...header })
    .sign(privateKey)
