import { refreshRefused, tokenRefreshed } from '../../events.ts'
import { operation } from '../operation.ts'
import { requestSource } from '../sessions/request-source.ts'
import { trackRefresh } from '../sessions/track-session.ts'
import { issueTokens } from '../tokens/issue.ts'
import { sealRefreshToken } from '../tokens/refresh-token.ts'
import { allowsFlow } from '../user-pool-clients/auth-flow-rules.ts'
import { requireClientSecret } from '../user-pool-clients/check-secret-hash.ts'
import { checkRefreshToken } from './refresh.ts'
import { rotateRefreshToken } from './rotation.ts'

/**
 * GetTokensFromRefreshToken: a refresh that also rotates the refresh token when the client has rotation enabled
 * (docs/reference/user-pools.md 9.4).
 */
export const getTokensFromRefreshToken = operation(
  'GetTokensFromRefreshToken',
  async (context, { input, pool, client, fail, ...request }) => {
    requireClientSecret(client, input.ClientSecret, 'NotAuthorizedException')
    const rotates = client.settings.RefreshTokenRotation?.Feature === 'ENABLED'
    if (!rotates && !allowsFlow(client.settings, 'REFRESH_TOKEN_AUTH'))
      throw fail('InvalidParameterException', 'REFRESH_TOKEN_AUTH flow not enabled for this client')
    context.unservedNotices.notePool(pool)
    const state = await checkRefreshToken(context, { pool, client }, input.RefreshToken, input.DeviceKey)
    const { token, user, groups } = state
    const refresh = { pool: pool.id, client: client.clientId, sub: user.sub }
    // Sign before rotating: if a signature fails, the client's refresh token must still be valid.
    const tokens = await issueTokens(context, { pool, client, user, groups }, token.signIn, {
      source: 'TokenGeneration_RefreshTokens',
      clientMetadata: input.ClientMetadata,
    })
    const generation = rotates ? await rotateRefreshToken(context, client, state) : undefined
    if (generation === 'reused') {
      refreshRefused(context, { ...refresh, reason: 'reused' })
      throw fail('RefreshTokenReuseException', 'Refresh token has been invalidated by rotation')
    }
    await trackRefresh(context, pool, token, requestSource(request))
    tokenRefreshed(context, refresh)
    if (generation === undefined) return { AuthenticationResult: tokens }
    return {
      AuthenticationResult: { ...tokens, RefreshToken: sealRefreshToken(context.sealer, { ...token, generation }) },
    }
  },
)
