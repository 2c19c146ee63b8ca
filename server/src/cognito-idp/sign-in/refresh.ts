// Checks a refresh token: made by this server for this client, not expired, its sign-in neither revoked nor signed out,
// its user enabled. Rotation is rotation.ts, the token's form tokens/refresh-token.ts.

import type { Context } from '../../context.ts'
import { wasMade } from '../../effects/time-rules.ts'
import { ApiError } from '../../errors.ts'
import { type RefreshRefusalReason, refreshRefused } from '../../events.ts'
import { hasStandingConsent } from '../consents/standing-consent.ts'
import { type Group, groupsOfUser } from '../groups/group-store.ts'
import { isIdle } from '../sessions/idle.ts'
import { openRefreshToken, type RefreshToken } from '../tokens/refresh-token.ts'
import { findRefreshState } from '../tokens/revocation-store.ts'
import { belongsToGeneration } from '../tokens/sign-in-id.ts'
import type { StoredUser } from '../users/user-store.ts'
import type { SignInRequest } from './sign-in.ts'

export interface RefreshState {
  token: RefreshToken
  user: StoredUser
  groups: Group[]
  /** The current rotation and when it began (epoch milliseconds); undefined before the first rotation. */
  family: { generation: number; rotatedAt: number } | undefined
}

/** What a request shows beside the token. */
export interface ShownKeys {
  /** DEVICE_KEY. */
  readonly deviceKey?: string | undefined
  /** The thumbprint of the key that it proves (oauth/dpop/). */
  readonly jkt?: string | undefined
}

interface RefusedRefresh {
  readonly refused: RefreshRefusalReason
  readonly sub: string | undefined
  /** docs/reference/user-pools.md 3.3. */
  readonly message: string
}

/**
 * The token's content with its user and groups. Throws NotAuthorizedException with the texts of
 * docs/reference/user-pools.md 3.3. One round trip, two for a user in groups; one
 * more in a pool with an idle time-out, and for a client that registered itself.
 */
export async function checkRefreshToken(
  context: Context,
  place: Pick<SignInRequest, 'pool' | 'client'>,
  text: string,
  shown: ShownKeys,
): Promise<RefreshState> {
  const state = await judgeRefreshToken(context, place, text, shown)
  if (!('refused' in state)) return state
  const { sub, refused: reason, message } = state
  refreshRefused(context, { pool: place.pool.id, client: place.client.clientId, sub, reason })
  throw new ApiError('NotAuthorizedException', message)
}

const refused = (sub: string | undefined, reason: RefreshRefusalReason, message: string): RefusedRefresh => ({
  refused: reason,
  sub,
  message,
})

/** The same for who only wants to know whether the token is good: no event, no error. */
export async function judgeRefreshToken(
  context: Context,
  { pool, client }: Pick<SignInRequest, 'pool' | 'client'>,
  text: string,
  { deviceKey, jkt }: ShownKeys,
): Promise<RefreshState | RefusedRefresh> {
  const token = openRefreshToken(context.sealer, text)
  if (!token || token.userPoolId !== pool.id || token.clientId !== client.clientId)
    return refused(undefined, 'invalid', 'Invalid Refresh Token')
  const now = context.clock.now()
  if (!wasMade(token.signIn.authTime * 1000, now)) return refused(token.sub, 'invalid', 'Invalid Refresh Token')
  // Tokens of a device are good with its key alone; for others a key that a client still has does not matter.
  if (token.signIn.deviceKey !== undefined && token.signIn.deviceKey !== deviceKey)
    return refused(token.sub, 'wrong-device', 'Invalid Refresh Token')
  // Of a public client that bound its tokens to a key: whoever has stolen the token has no proof (RFC 9449 5).
  if (token.signIn.jkt !== undefined && token.signIn.jkt !== jkt)
    return refused(token.sub, 'wrong-key', 'Invalid Refresh Token')
  if (token.expiresAt <= now) return refused(token.sub, 'expired', 'Refresh Token has expired')
  const found = await findRefreshState(context.db, {
    userPoolId: pool.id,
    sub: token.sub,
    originJti: token.signIn.originJti,
    deviceKey: token.signIn.deviceKey,
  })
  if (!found) return refused(undefined, 'unknown-user', 'Invalid Refresh Token')
  if (!found.user.enabled) return refused(token.sub, 'disabled', 'User is disabled.')
  // The same rule as for access tokens (tokens/access-token.ts): after a reset, old tokens wait for the new password.
  if (found.user.status === 'RESET_REQUIRED')
    return refused(token.sub, 'reset-required', 'Password reset required for the user')
  if (found.revoked || !belongsToGeneration(context.sealer, token.signIn.eventId, found.user))
    return refused(token.sub, 'revoked', 'Refresh Token has been revoked')
  if (!(await hasStandingConsent(context, { pool, client }, token.sub, token.signIn)))
    return refused(token.sub, 'revoked', 'Refresh Token has been revoked')
  // A token that a rotation has replaced stays invalid after the client has disabled rotation.
  const rotates = client.settings.RefreshTokenRotation?.Feature === 'ENABLED'
  if (!rotates && found.family && found.family.generation !== token.generation)
    return refused(token.sub, 'rotated-away', 'Refresh Token has been revoked')
  if (await isIdle(context, pool, token)) return refused(token.sub, 'idle', 'Refresh Token has expired')
  const groups = found.inGroups ? await groupsOfUser(context.db, pool.id, token.sub) : []
  return { token, user: found.user, groups, family: found.family }
}
