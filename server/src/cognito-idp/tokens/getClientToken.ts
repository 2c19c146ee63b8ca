import { clientTokenIssued } from '../../events.ts'
import { notAvailableError } from '../not-available-error.ts'
import { operation } from '../operation.ts'
import { allowsClientTokens } from '../user-pool-clients/auth-flow-rules.ts'
import { requireClientSecret } from '../user-pool-clients/check-secret-hash.ts'
import { issueClientToken } from './issue.ts'

/**
 * GetClientToken: an access token for the application itself (docs/reference/user-pools.md 18.10, 12.3). Scopes are those of
 * resource servers, which are not here yet: a call that names any gets NotImplementedException.
 */
export const getClientToken = operation('GetClientToken', async (context, { input, pool, client, fail }) => {
  requireClientSecret(client, input.Secret, 'NotAuthorizedException')
  if (!allowsClientTokens(client.settings))
    throw fail('InvalidParameterException', 'CLIENT_TOKEN_AUTH flow not enabled for this client')
  if (input.Scopes?.length) throw notAvailableError(`scopes of resource servers (${input.Scopes.join(' ')})`)
  const token = await issueClientToken(context, { pool, client, scopes: [], clientMetadata: input.ClientMetadata })
  clientTokenIssued(context, { pool: pool.id, client: client.clientId })
  return { ClientAuthenticationResult: token }
})
