// Rotation of refresh tokens (docs/reference/user-pools.md 9.4; RFC 9700 section 4.14.2). The current generation is one
// row, written by compare-and-set. The token before it stays valid for the client's grace period; a reuse after that
// revokes the whole sign-in, as the token may have been stolen.
import type { Context } from '../../context.ts'
import { findRefreshState, refreshTokenExpiry, revokeSignIn, rotateRefreshFamily } from '../tokens/revocation-store.ts'
import type { UserPoolClient } from '../user-pool-clients/client-store.ts'
import type { RefreshState } from './refresh.ts'
import { checkRotation } from './rotation-rules.ts'

/** The generation of the refresh token to return, or `reused` when the sign-in was revoked for a reuse. */
export async function rotateRefreshToken(
  context: Context,
  client: UserPoolClient,
  { token, family }: RefreshState,
): Promise<number | 'reused'> {
  const { userPoolId, sub, generation } = token
  const signIn = { userPoolId, sub, originJti: token.signIn.originJti }
  const expiresAt = refreshTokenExpiry(token.expiresAt)
  const graceMs = (client.settings.RefreshTokenRotation?.RetryGracePeriodSeconds ?? 0) * 1000
  const verdict = checkRotation(generation, family, graceMs, context.clock.now())
  if (verdict === 'retry') return (family as NonNullable<typeof family>).generation
  if (verdict === 'current') {
    const won = await rotateRefreshFamily(context.db, signIn, { generation, expiresAt }, context.clock.now())
    if (won) return generation + 1
    // A concurrent request has rotated the same token: read the current generation and treat this request as a retry.
    const now = await findRefreshState(context.db, signIn)
    if (now?.family && checkRotation(generation, now.family, graceMs, context.clock.now()) === 'retry')
      return now.family.generation
  }
  await revokeSignIn(context.db, signIn, expiresAt)
  return 'reused'
}
