// New tokens for a sign-in that stands, and a new refresh token where the client rotates them: GetTokensFromRefreshToken
// and the grant refresh_token of the OAuth token endpoint (docs/reference/user-pools.md 9.4).
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import { refreshRefused, tokenRefreshed } from '../../events.ts'
import { noteSession } from '../analytics/note-analytics.ts'
import type { RequestSource } from '../sessions/request-source.ts'
import { trackRefresh } from '../sessions/track-session.ts'
import type { SignIn } from '../tokens/claims.ts'
import { type IssuedTokens, issueTokens } from '../tokens/issue.ts'
import { sealRefreshToken } from '../tokens/refresh-token.ts'
import { isConfidential } from '../user-pool-clients/confidential.ts'
import { noteClientUse } from '../user-pool-clients/registered-client-store.ts'
import { checkRefreshToken, type ShownKeys } from './refresh.ts'
import { rotateRefreshToken } from './rotation.ts'
import type { Place } from './sign-in.ts'

export interface Renewal extends ShownKeys {
  readonly refreshToken: string
  readonly clientMetadata?: Record<string, string> | undefined
  readonly source: RequestSource
  /** What the new tokens say of the sign-in, where that is less than what it has. */
  readonly narrow?: (signIn: SignIn) => SignIn
}

export const rotates = ({ client }: Pick<Place, 'client'>): boolean =>
  client.settings.RefreshTokenRotation?.Feature === 'ENABLED'

/** Throws NotAuthorizedException, RefreshTokenReuseException, and as callTrigger does. */
export async function renewTokens(
  context: Context,
  place: Place,
  { refreshToken, deviceKey, jkt, clientMetadata, source, narrow = (signIn) => signIn }: Renewal,
): Promise<IssuedTokens & { RefreshToken?: string }> {
  const { pool, client } = place
  const state = await checkRefreshToken(context, place, refreshToken, { deviceKey, jkt })
  const { token, user, groups } = state
  const bound = jkt === undefined ? {} : { jkt }
  const refresh = { pool: pool.id, client: client.clientId, sub: user.sub }
  // Sign before rotating: if a signature fails, the client's refresh token must still be valid.
  const tokens = await issueTokens(
    context,
    { pool, client, user, groups },
    { ...narrow(token.signIn), ...bound },
    {
      source: 'TokenGeneration_RefreshTokens',
      clientMetadata,
    },
  )
  const generation = rotates(place) ? await rotateRefreshToken(context, client, state) : undefined
  if (generation === 'reused') {
    refreshRefused(context, { ...refresh, reason: 'reused' })
    throw new ApiError('RefreshTokenReuseException', 'Refresh token has been invalidated by rotation')
  }
  await trackRefresh(context, pool, token, source)
  if (client.settings.ClientType === 'DCR') await noteClientUse(context.db, client.clientId, context.clock.now())
  tokenRefreshed(context, refresh)
  noteSession(context, place, user)
  if (generation === undefined) return tokens
  const signIn = isConfidential(place) ? token.signIn : { ...token.signIn, ...bound }
  return { ...tokens, RefreshToken: sealRefreshToken(context.sealer, { ...token, signIn, generation }) }
}
