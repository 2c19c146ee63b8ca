// The idle time-out of refresh tokens: one that was not used for some minutes is refused. Beyond Cognito, off unless a tag
// of the pool sets it (docs/decisions/beyond-cognito.md); without it nothing is read or written here.
import type { Context } from '../../context.ts'
import { ageOf } from '../../effects/time-rules.ts'
import { refreshIdleMs } from '../tags/cognomen-tag-rules.ts'
import type { RefreshToken } from '../tokens/refresh-token.ts'
import type { SignInKey } from '../tokens/revocation-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { findLastUse, noteUse } from './refresh-use-store.ts'

/** The sign-in that a refresh token belongs to. */
export const signInOf = ({ sub, userPoolId, signIn }: RefreshToken): SignInKey => ({
  sub,
  userPoolId,
  originJti: signIn.originJti,
})

/** Whether a refresh token was left unused for too long. That it was made is its first use. */
export async function isIdle(context: Context, pool: UserPool, token: RefreshToken): Promise<boolean> {
  const idleMs = refreshIdleMs(pool.settings)
  if (idleMs === undefined) return false
  const usedAt = (await findLastUse(context.db, signInOf(token))) ?? token.madeAt
  return ageOf(usedAt, context.clock.now()) >= idleMs
}

/** Notes that a refresh token was used. */
export async function noteRefreshUse(context: Context, pool: UserPool, token: RefreshToken): Promise<void> {
  if (refreshIdleMs(pool.settings) !== undefined)
    await noteUse(context.db, signInOf(token), context.clock.now(), token.expiresAt)
}
