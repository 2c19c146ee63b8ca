// Verifies a user's access token: signed by its pool, not expired, with the scope, and of a sign-in that has not ended.
// All errors for a refused access token, and their texts, are here. What every token of a pool must pass is
// user-pool-token.ts. docs/reference/user-pools.md 2.2, 3.3.

import type { Context } from '../../context.ts'
import { wasMade } from '../../effects/time-rules.ts'
import { ApiError } from '../../errors.ts'
import type { ParsedJws } from '../../signing/jws.ts'
import type { UserPoolClient } from '../user-pool-clients/client-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { StoredUser } from '../users/user-store.ts'
import { type AccessTokenClaims, SELF_SERVICE_SCOPE } from './claims.ts'
import { type EndedSignIn, userOfSignIn, verifyPoolSignature } from './user-pool-token.ts'

export interface TokenCaller {
  pool: UserPool
  client: UserPoolClient
  user: StoredUser
  claims: AccessTokenClaims
}

const notAuthorizedError = (message: string): ApiError => new ApiError('NotAuthorizedException', message)

/** For who asks what a token says, and acts for nobody. */
export const ANY_KEY = Symbol('any key')

/** The thumbprint of the key that a request proves (oauth/dpop/); undefined for a bearer token. */
export type ShownKey = string | undefined | typeof ANY_KEY

/** A token that is bound to a key is good with its proof alone, and a proof with a token that is bound to its key (RFC 9449 7). */
export const hasKey = (claims: Readonly<Record<string, unknown>>, key: ShownKey): boolean =>
  key === ANY_KEY || (claims['cnf'] as AccessTokenClaims['cnf'])?.jkt === key

const invalidTokenError = (): ApiError => notAuthorizedError('Invalid Access Token')

const endedSignInErrors: Record<EndedSignIn, () => ApiError> = {
  'user-not-found': () => new ApiError('UserNotFoundException', 'User does not exist.'),
  'user-disabled': () => notAuthorizedError('User is disabled.'),
  revoked: () => notAuthorizedError('Access Token has been revoked'),
  'reset-required': () => new ApiError('PasswordResetRequiredException', 'Password reset required for the user'),
}

/**
 * The caller that an access token stands for; the token needs one of `scopes`. Operations show no key: who has stolen a token
 * that is bound to one could call them (docs/behaviour/oauth.md). One round trip. Throws
 * NotAuthorizedException, UserNotFoundException, PasswordResetRequiredException or ResourceNotFoundException.
 */
export async function verifyAccessToken(
  context: Context,
  token: string,
  scopes: readonly string[] = [SELF_SERVICE_SCOPE],
  key?: ShownKey,
): Promise<TokenCaller> {
  const { pool, claims } = await verifySignature(context, token)
  if (!hasKey({ ...claims }, key)) throw notAuthorizedError('Access Token is bound to a key that was not proven')
  const now = context.clock.now()
  if (!wasMade(claims.iat * 1000, now)) throw invalidTokenError()
  if (claims.exp * 1000 <= now) throw notAuthorizedError('Access Token has expired')
  const granted = claims.scope.split(' ')
  if (scopes.length > 0 && !scopes.some((scope) => granted.includes(scope)))
    throw notAuthorizedError('Access Token does not have required scopes')
  const [signIn, client] = await Promise.all([
    userOfSignIn(context, pool.id, claims),
    context.userPools.client(claims.client_id),
  ])
  if ('ended' in signIn) throw endedSignInErrors[signIn.ended]()
  if (!client || client.userPoolId !== pool.id)
    throw new ApiError('ResourceNotFoundException', `User pool client ${claims.client_id} does not exist.`)
  return { pool, client, user: signIn.user, claims }
}

async function verifySignature(
  context: Context,
  token: string,
): Promise<{ pool: UserPool; claims: AccessTokenClaims }> {
  const signed = await verifyPoolSignature(context, token)
  if ('refused' in signed)
    throw signed.refused === 'bad-signature'
      ? notAuthorizedError('Could not verify signature for Access Token')
      : invalidTokenError()
  const { pool, claims, use } = signed
  if (use !== 'access' || !isAccessToken(claims)) throw invalidTokenError()
  return { pool, claims }
}

// The signature has been verified: this only tells an access token from other tokens signed by this server.
function isAccessToken(claims: ParsedJws['claims']): claims is ParsedJws['claims'] & AccessTokenClaims {
  return (
    claims.token_use === 'access' &&
    typeof claims.exp === 'number' &&
    typeof claims.iat === 'number' &&
    typeof claims.scope === 'string' &&
    typeof claims.username === 'string' &&
    typeof claims.sub === 'string' &&
    typeof claims.client_id === 'string' &&
    typeof claims.event_id === 'string'
  )
}
