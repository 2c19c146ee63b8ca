// The checks that ID and access tokens of a user pool share: signed by their pool, and of a sign-in that has not ended.
// Which claims are required and the errors' texts are the callers' (access-token.ts, id-token.ts).

import type { Context } from '../../context.ts'
import type { Sealer } from '../../crypto/seal.ts'
import { poolOfIssuer } from '../../signing/issuer-rules.ts'
import type { ParsedJws } from '../../signing/jws.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { StoredUser } from '../users/user-store.ts'
import { findTokenUser } from './revocation-store.ts'
import { belongsToGeneration } from './sign-in-id.ts'

export interface SignedToken {
  pool: UserPool
  claims: ParsedJws['claims']
  /** The kind of token that the key signs (`id`, `access`): every key signs one kind only. */
  use: string
}

export type SignatureRefusal = 'malformed' | 'wrong-issuer' | 'bad-signature'

/** The pool that signed a token, and the token's claims, of which only the issuer is checked. */
export async function verifyPoolSignature(
  context: Pick<Context, 'publicUrl' | 'userPools' | 'keys' | 'signatures'>,
  token: string,
): Promise<SignedToken | { refused: SignatureRefusal }> {
  const parsed = context.signatures.parse(token)
  if (!parsed) return { refused: 'malformed' }
  const { header, claims } = parsed
  const poolId = poolOfIssuer(context.publicUrl, claims.iss)
  const pool = poolId === undefined ? undefined : await context.userPools.pool(poolId)
  if (!pool) return { refused: 'wrong-issuer' }
  // The token's header must not choose the algorithm or the key: only RS256, only a key of the issuer's own pool.
  if (header.alg !== 'RS256' || typeof header.kid !== 'string' || header.crit !== undefined)
    return { refused: 'malformed' }
  const key = await context.keys.publishedKey(pool.id, header.kid)
  if (!key || !context.signatures.isSignedWith(key, token, parsed)) return { refused: 'bad-signature' }
  return { pool, claims, use: key.use }
}

export interface SignInClaims {
  sub: string
  event_id: string
  /** Absent in tokens of a client with EnableTokenRevocation false. */
  origin_jti?: string
}

export type EndedSignIn = 'user-not-found' | 'user-disabled' | 'revoked' | 'reset-required'

/**
 * The token generation that claims were found to belong to. Claims are one object while their token's signature is
 * remembered (signing/verified-signatures.ts), so that a token in use does not cost a MAC with every call.
 */
const generationOf = new WeakMap<SignInClaims, number>()

function isOfPresentGeneration(sealer: Sealer, claims: SignInClaims, user: StoredUser): boolean {
  if (generationOf.get(claims) === user.tokenGeneration) return true
  const isPresent = belongsToGeneration(sealer, claims.event_id, user)
  if (isPresent) generationOf.set(claims, user.tokenGeneration)
  return isPresent
}

/** The user of a token, or why the token's sign-in has ended. One round trip. */
export async function userOfSignIn(
  context: Pick<Context, 'db' | 'sealer'>,
  userPoolId: string,
  claims: SignInClaims,
): Promise<{ user: StoredUser } | { ended: EndedSignIn }> {
  // Without origin_jti no revocation can match; signing out everywhere still ends the token through its event_id.
  const found = await findTokenUser(context.db, userPoolId, claims.sub, claims.origin_jti ?? '')
  if (!found) return { ended: 'user-not-found' }
  if (!found.user.enabled) return { ended: 'user-disabled' }
  if (found.revoked || !isOfPresentGeneration(context.sealer, claims, found.user)) return { ended: 'revoked' }
  // An administrator has reset the password: earlier sign-ins are refused until a new password is set.
  return found.user.status === 'RESET_REQUIRED' ? { ended: 'reset-required' } : { user: found.user }
}
