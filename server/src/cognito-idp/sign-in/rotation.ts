// Rotation of refresh tokens (docs/reference/user-pools.md 9.4; RFC 9700 section 4.14.2). Which generation is current
// is one row, written by compare-and-set; a token from before it is good for the client's grace period, and one that
// comes back later ends the whole sign-in, as either its holder or someone else has stolen it.
import type { Context } from '../../context.ts'
import { findRefreshState, refreshTokenExpiry, revokeSignIn, rotateRefreshFamily } from '../tokens/revocation-store.ts'
import type { UserPoolClient } from '../user-pool-clients/client-store.ts'
import type { RefreshState } from './refresh.ts'
import { checkRotation } from './rotation-rules.ts'

/** The generation of the token to hand out, or `reused`. */
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
    // Another request rotated the same token a moment ago: this one is its retry, judged by what is current now.
    const now = await findRefreshState(context.db, signIn)
    if (now?.family && checkRotation(generation, now.family, graceMs, context.clock.now()) === 'retry')
      return now.family.generation
  }
  await revokeSignIn(context.db, signIn, expiresAt)
  return 'reused'
}
