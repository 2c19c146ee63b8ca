// Whom an access token of a user pool stands for: a user at an application, or an application itself. For endpoints that
// take both kinds; operations of users call verifyAccessToken (access-token.ts).
import type { Context } from '../../context.ts'
import { wasMade } from '../../effects/time-rules.ts'
import { ApiError } from '../../errors.ts'
import type { UserPoolClient } from '../user-pool-clients/client-store.ts'
import type { StoredUser } from '../users/user-store.ts'
import { hasKey, type ShownKey, verifyAccessToken } from './access-token.ts'
import { verifyPoolSignature } from './user-pool-token.ts'

export interface Bearer {
  readonly client: UserPoolClient
  /** Absent where the application got the token for itself. */
  readonly user?: StoredUser
  readonly scopes: readonly string[]
  readonly claims: Readonly<Record<string, unknown>>
}

/**
 * The bearer of an access token of this pool; undefined for whatever is no token, has expired, or was made for a sign-in that
 * has ended or a client that is gone, or is bound to another key than is shown. One statement for a user, none for an application.
 */
export async function findBearer(
  context: Context,
  poolId: string,
  token: string,
  key?: ShownKey,
): Promise<Bearer | undefined> {
  const signed = await verifyPoolSignature(context, token)
  if ('refused' in signed || signed.use !== 'access' || signed.pool.id !== poolId) return undefined
  const { claims } = signed
  if (claims['username'] !== undefined) return userBearer(context, token, key)
  const { client_id: clientId, sub, act, token_use: use, scope, iat, exp } = claims as Record<string, unknown>
  if (use !== 'access' || typeof clientId !== 'string' || typeof scope !== 'string') return undefined
  // Another client has had the token of an application exchanged (RFC 8693).
  if (sub !== clientId && act === undefined) return undefined
  if (!hasKey(claims, key)) return undefined
  const now = context.clock.now()
  if (typeof iat !== 'number' || typeof exp !== 'number') return undefined
  if (!wasMade(iat * 1000, now) || exp * 1000 <= now) return undefined
  const client = await context.userPools.client(clientId)
  return client?.userPoolId === poolId ? { client, scopes: listOf(scope), claims } : undefined
}

async function userBearer(context: Context, token: string, key: ShownKey): Promise<Bearer | undefined> {
  try {
    const { client, user, claims } = await verifyAccessToken(context, token, [], key)
    return { client, user, scopes: listOf(claims.scope), claims: { ...claims } }
  } catch (error) {
    if (error instanceof ApiError) return undefined
    throw error
  }
}

const listOf = (scope: string): string[] => scope.split(' ').filter((one) => one !== '')
