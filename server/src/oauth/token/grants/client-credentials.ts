// The grant client_credentials (RFC 6749 4.4): a token of the application itself. One signature, no statement.
// docs/reference/oauth-and-federation.md 10.5.
import { clientTokenScopes } from '../../../cognito-idp/resource-servers/custom-scopes.ts'
import { issueClientToken } from '../../../cognito-idp/tokens/issue.ts'
import { clientTokenIssued } from '../../../events.ts'
import { OAuthError } from '../../oauth-error.ts'
import type { Grant } from '../grant.ts'

export const clientCredentials: Grant = {
  allowedFor: ({ client }) => client.settings.AllowedOAuthFlows?.includes('client_credentials') === true,
  give: async (context, { pool, client }, { form }, jkt) => {
    // A public client cannot prove that it is the client.
    if (client.secrets.length === 0) throw new OAuthError('unauthorized_client')
    const asked = form
      .get('scope')
      ?.split(' ')
      .filter((scope) => scope !== '')
    const granted = await clientTokenScopes(context, client, asked)
    if (granted.unknown !== undefined) throw new OAuthError('invalid_scope')
    const { scopes } = granted
    const clientMetadata = metadataOf(form.get('aws_client_metadata'))
    const token = await issueClientToken(context, { pool, client, scopes, clientMetadata, jkt })
    clientTokenIssued(context, { pool: pool.id, client: client.clientId })
    return token
  },
}

/** A JSON object of texts, for the pool's trigger. */
function metadataOf(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const pairs = Object.entries(value)
      if (pairs.every((pair): pair is [string, string] => typeof pair[1] === 'string')) return Object.fromEntries(pairs)
    }
  } catch {
    // Not JSON: refused below.
  }
  throw new OAuthError('invalid_request', 'aws_client_metadata must be a JSON object of strings')
}
