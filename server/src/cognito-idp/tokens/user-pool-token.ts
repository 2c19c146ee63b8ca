// What every token of a user pool must pass, whichever kind it is and whoever asks: signed by its pool, and of a sign-in
// that has not ended. Which claims it needs and in which words it is refused, callers say.

import type { Context } from '../../context.ts'
import { poolOfIssuer } from '../../signing/issuer.ts'
import { type ParsedJws, parseJws } from '../../signing/jws.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { StoredUser } from '../users/user-store.ts'
import { findTokenUser } from './revocation-store.ts'
import { belongsToGeneration } from './sign-in-id.ts'

export interface SignedToken {
  pool: UserPool
  claims: ParsedJws['claims']
  /** What the key signs: no token of another kind is signed with it. */
  use: string
}

export type SignatureRefusal = 'malformed' | 'wrong-issuer' | 'bad-signature'

/** The pool that signed a token, and what it says; nothing of it was looked at but the issuer. */
export async function verifyPoolSignature(
  context: Pick<Context, 'publicUrl' | 'userPools' | 'keys' | 'signatures'>,
  token: string,
): Promise<SignedToken | { refused: SignatureRefusal }> {
  const parsed = parseJws(token)
  if (!parsed) return { refused: 'malformed' }
  const { header, claims } = parsed
  const poolId = poolOfIssuer(context.publicUrl, claims.iss)
  const pool = poolId === undefined ? undefined : await context.userPools.pool(poolId)
  if (!pool) return { refused: 'wrong-issuer' }
  // The header chooses nothing: one algorithm, and a kid that is looked up among the keys of the issuer's own pool.
  if (header.alg !== 'RS256' || typeof header.kid !== 'string' || header.crit !== undefined)
    return { refused: 'malformed' }
  const key = await context.keys.publishedKey(pool.id, header.kid)
  if (!key || !context.signatures.isSignedWith(key, token, parsed)) return { refused: 'bad-signature' }
  return { pool, claims, use: key.use }
}

export interface SignInClaims {
  sub: string
  event_id: string
  /** Absent in tokens of a client that gave up revocation. */
  origin_jti?: string
}

export type EndedSignIn = 'user-not-found' | 'user-disabled' | 'revoked' | 'reset-required'

/** The user of a token whose sign-in still lives, or why it does not. One round trip. */
export async function userOfSignIn(
  context: Pick<Context, 'db' | 'sealer'>,
  userPoolId: string,
  claims: SignInClaims,
): Promise<{ user: StoredUser } | { ended: EndedSignIn }> {
  // Without origin_jti no row can match, and the sign-in id still ends the token.
  const found = await findTokenUser(context.db, userPoolId, claims.sub, claims.origin_jti ?? '')
  if (!found) return { ended: 'user-not-found' }
  if (!found.user.enabled) return { ended: 'user-disabled' }
  if (found.revoked || !belongsToGeneration(context.sealer, claims.event_id, found.user)) return { ended: 'revoked' }
  // An administrator took the password away: until there is a new one, the old sign-ins are worth nothing.
  return found.user.status === 'RESET_REQUIRED' ? { ended: 'reset-required' } : { user: found.user }
}
