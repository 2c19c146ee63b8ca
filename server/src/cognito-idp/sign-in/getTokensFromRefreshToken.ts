import { operation } from '../operation.ts'
import { requestSource } from '../sessions/request-source.ts'
import { allowsFlow } from '../user-pool-clients/auth-flow-rules.ts'
import { requireClientSecret } from '../user-pool-clients/check-secret-hash.ts'
import { renewTokens, rotates } from './renew-tokens.ts'

/**
 * GetTokensFromRefreshToken: a refresh that also rotates the refresh token when the client has rotation enabled
 * (docs/reference/user-pools.md 9.4).
 */
export const getTokensFromRefreshToken = operation(
  'GetTokensFromRefreshToken',
  async (context, { input, pool, client, fail, ...request }) => {
    requireClientSecret(client, input.ClientSecret, 'NotAuthorizedException')
    if (!rotates({ client }) && !allowsFlow(client.settings, 'REFRESH_TOKEN_AUTH'))
      throw fail('InvalidParameterException', 'REFRESH_TOKEN_AUTH flow not enabled for this client')
    context.unservedNotices.notePool(pool)
    const { RefreshToken: refreshToken, DeviceKey: deviceKey, ClientMetadata: clientMetadata } = input
    const renewal = { refreshToken, deviceKey, clientMetadata, source: requestSource(request) }
    return { AuthenticationResult: await renewTokens(context, { pool, client }, renewal) }
  },
)
