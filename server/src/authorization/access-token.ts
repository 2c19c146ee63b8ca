// Verifies a user's access token: who is calling, by a token that is ours, whole, alive and not revoked.
// User-pools reference 2.2 and 3.3; what is refused and with which text is all here.
import { verify } from 'node:crypto'
import type { UserPoolClient } from '../cognito-idp/user-pool-clients/client-store.ts'
import type { UserPool } from '../cognito-idp/user-pools/pool-store.ts'
import type { StoredUser } from '../cognito-idp/users/user-store.ts'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { type AccessTokenClaims, SELF_SERVICE_SCOPE } from '../tokens/claims.ts'
import { poolOfIssuer } from '../tokens/issuer.ts'
import { type ParsedJws, parseJws } from '../tokens/jws.ts'
import { findTokenUser } from '../tokens/revocation-store.ts'
import { belongsToGeneration } from '../tokens/sign-in-id.ts'

export interface TokenCaller {
  pool: UserPool
  client: UserPoolClient
  user: StoredUser
  claims: AccessTokenClaims
}

const refused = (message: string): ApiError => new ApiError('NotAuthorizedException', message)

const invalidToken = (): ApiError => refused('Invalid Access Token')

/** The caller that an access token stands for. Throws NotAuthorizedException, UserNotFoundException,
 * PasswordResetRequiredException or ResourceNotFoundException. One round trip. Of `scopes` the token needs one. */
export async function verifyAccessToken(
  context: Context,
  token: string,
  scopes: readonly string[] = [SELF_SERVICE_SCOPE],
): Promise<TokenCaller> {
  const { pool, claims } = await verifySignature(context, token)
  if (claims.exp * 1000 <= context.clock.now()) throw refused('Access Token has expired')
  const granted = claims.scope.split(' ')
  if (scopes.length > 0 && !scopes.some((scope) => granted.includes(scope)))
    throw refused('Access Token does not have required scopes')
  // Without origin_jti (a client that gave up revocation) no row can match, and the sign-in id still ends the token.
  const [found, client] = await Promise.all([
    findTokenUser(context.db, pool.id, claims.sub, claims.origin_jti ?? ''),
    context.settings.client(claims.client_id),
  ])
  if (!found) throw new ApiError('UserNotFoundException', 'User does not exist.')
  if (!found.user.enabled) throw refused('User is disabled.')
  if (found.revoked || !belongsToGeneration(context.sealer, claims.event_id, found.user))
    throw refused('Access Token has been revoked')
  // An administrator took the password away: until there is a new one, the old sign-ins are worth nothing.
  if (found.user.status === 'RESET_REQUIRED')
    throw new ApiError('PasswordResetRequiredException', 'Password reset required for the user')
  if (!client || client.userPoolId !== pool.id)
    throw new ApiError('ResourceNotFoundException', `User pool client ${claims.client_id} does not exist.`)
  return { pool, client, user: found.user, claims }
}

async function verifySignature(
  context: Context,
  token: string,
): Promise<{ pool: UserPool; claims: AccessTokenClaims }> {
  const parsed = parseJws(token)
  if (!parsed) throw invalidToken()
  const { header, claims, content, signature } = parsed
  // The header chooses nothing: one algorithm, and a kid that is looked up among the keys of the issuer's own pool.
  if (header.alg !== 'RS256' || typeof header.kid !== 'string' || header.crit !== undefined) throw invalidToken()
  const poolId = poolOfIssuer(context.publicUrl, claims.iss)
  const pool = poolId === undefined ? undefined : await context.settings.pool(poolId)
  if (!pool) throw invalidToken()
  const key = await context.keys.publishedKey(pool.id, header.kid)
  if (!key || !verify('sha256', Buffer.from(content), key.publicKey, signature)) {
    throw refused('Could not verify signature for Access Token')
  }
  if (key.use !== 'access' || !isAccessToken(claims)) throw invalidToken()
  return { pool, claims }
}

// Our signature stands behind the claims by now; this tells an access token from the other kinds that we sign.
function isAccessToken(claims: ParsedJws['claims']): claims is ParsedJws['claims'] & AccessTokenClaims {
  return (
    claims.token_use === 'access' &&
    typeof claims.exp === 'number' &&
    typeof claims.scope === 'string' &&
    typeof claims.username === 'string' &&
    typeof claims.sub === 'string' &&
    typeof claims.client_id === 'string' &&
    typeof claims.event_id === 'string'
  )
}
