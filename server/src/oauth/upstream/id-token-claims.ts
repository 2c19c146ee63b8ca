// What an ID token must say beside what federation/oidc verifies of every token: that it is of this round trip (OpenID
// Connect Core 3.1.3.7, 3.1.3.8). Pure. docs/reference/oauth-and-federation.md 21, 25.
import { createHash } from 'node:crypto'

export interface Expected {
  readonly clientId: string
  readonly nonce: string
  readonly accessToken: string
  /** Epoch seconds. */
  readonly now: number
  /** In seconds, where the provider was asked for a sign-in that is no older (OpenID Connect Core 3.1.2.1). */
  readonly maxAge?: number | undefined
}

interface Token {
  readonly claims: Readonly<Record<string, unknown>>
  readonly header: Readonly<Record<string, unknown>>
  readonly audiences: readonly string[]
  readonly authorizedParty?: string
}

/** How far ahead a provider's clock may be. */
export const SKEW_SECONDS = 60

/** Why a verified token is not the answer to this request; undefined when it is. */
export function idTokenProblem(
  { claims, header, audiences, authorizedParty }: Token,
  { clientId, nonce, accessToken, now, maxAge }: Expected,
): string | undefined {
  if (!audiences.includes(clientId)) return 'Bad id_token audience'
  // A token for several is of the one that it was issued to.
  if (authorizedParty === undefined ? audiences.length > 1 : authorizedParty !== clientId) return 'Bad id_token azp'
  if (claims['nonce'] !== nonce) return 'Bad id_token nonce'
  const { iat, at_hash: hash, auth_time: signedInAt } = claims
  if (iat !== undefined && (typeof iat !== 'number' || iat > now + SKEW_SECONDS)) return 'Bad id_token iat'
  if (hash !== undefined && hash !== hashOf(accessToken, header['alg'])) return 'Bad id_token at_hash'
  // Providers that pass max_age over do not say when, either.
  if (maxAge === undefined || signedInAt === undefined) return undefined
  const isRecent = typeof signedInAt === 'number' && signedInAt >= now - maxAge - SKEW_SECONDS
  return isRecent ? undefined : 'Bad id_token auth_time'
}

/** The left half of the token's hash, by the algorithm that signed the ID token; undefined for one that has no hash. */
function hashOf(accessToken: string, alg: unknown): string | undefined {
  const size = alg === 'EdDSA' || alg === 'Ed25519' ? '512' : /(256|384|512)$/.exec(String(alg))?.[1]
  if (size === undefined) return undefined
  const digest = createHash(`sha${size}`).update(accessToken, 'ascii').digest()
  return digest.subarray(0, digest.byteLength / 2).toString('base64url')
}
