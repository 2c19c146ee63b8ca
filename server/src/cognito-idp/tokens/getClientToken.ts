import { clientTokenIssued } from '../../events.ts'
import { operation } from '../operation.ts'
import { clientTokenScopes } from '../resource-servers/custom-scopes.ts'
import { allowsClientTokens } from '../user-pool-clients/auth-flow-rules.ts'
import { requireClientSecret } from '../user-pool-clients/check-secret-hash.ts'
import { issueClientToken } from './issue.ts'

/**
 * GetClientToken: an access token for the application itself, with scopes of resource servers
 * (docs/reference/user-pools.md 18.10, 12.3).
 */
export const getClientToken = operation('GetClientToken', async (context, { input, pool, client, fail }) => {
  requireClientSecret(client, input.Secret, 'NotAuthorizedException')
  if (!allowsClientTokens(client.settings))
    throw fail('InvalidParameterException', 'CLIENT_TOKEN_AUTH flow not enabled for this client')
  const granted = await clientTokenScopes(context, client, input.Scopes)
  if (granted.unknown !== undefined)
    throw fail('InvalidParameterException', `Invalid scope requested: ${granted.unknown}`)
  const { scopes } = granted
  const token = await issueClientToken(context, { pool, client, scopes, clientMetadata: input.ClientMetadata })
  clientTokenIssued(context, { pool: pool.id, client: client.clientId })
  return { ClientAuthenticationResult: token }
})
