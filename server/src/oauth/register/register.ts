// POST /oauth2/register: an application makes its own app client (RFC 7591), with an access token of the pool that allows it,
// or without, as the pool says. docs/reference/oauth-and-federation.md 12; docs/behaviour/client-registration.md.
import { limits as poolLimits } from '../../cognito-idp/limits.ts'
import { REGISTRATION_SCOPE } from '../../cognito-idp/resource-servers/resource-server-rules.ts'
import { findBearer } from '../../cognito-idp/tokens/bearer.ts'
import { addClient } from '../../cognito-idp/user-pool-clients/add-client.ts'
import type { UserPoolClient } from '../../cognito-idp/user-pool-clients/client-store.ts'
import { insertRegisteredClient } from '../../cognito-idp/user-pool-clients/registered-client-store.ts'
import { registrationOf } from '../../cognito-idp/user-pools/dcr-rules.ts'
import type { Context } from '../../context.ts'
import type { DcrConfigurationType, OAuthFlowType } from '../../contract/cognito-idp.types.ts'
import { clientRegistered } from '../../events.ts'
import { forApplications, json, notServed } from '../answers.ts'
import type { PoolRequest } from '../endpoint.ts'
import { OAuthError } from '../oauth-error.ts'
import { type ClientMetadata, grantTypesOf, readClientMetadata, registeredSettings } from './client-metadata.ts'

/** Who may register, and what. */
interface Admission {
  readonly by: 'token' | 'anyone'
  readonly flows: readonly OAuthFlowType[]
  readonly maxClients: number
}

export const register = forApplications({
  body: 'json',
  limitsAddress: true,
  writes: true,
  answer: async (context, request) => {
    const config = registrationOf(request.pool.settings)
    if (!config) return notServed()
    const { by, flows, maxClients } = await admission(context, request, config)
    if (!request.json) throw new OAuthError('invalid_client_metadata', 'the body must be a JSON object')
    const asked = readClientMetadata(request.json, flows)
    const client = await addClient(context, {
      poolId: request.pool.id,
      settings: (known) => registeredSettings(asked, config, known),
      secret: asked.authMethod === 'none' ? undefined : 'generated',
      maxClients,
      fail: (_error, message) => new OAuthError('invalid_client_metadata', message),
    })
    await insertRegisteredClient(context.db, client, context.clock.now())
    clientRegistered(context, { pool: request.pool.id, client: client.clientId, by })
    return json(answerOf(client, asked), 201)
  },
})

/** Throws OAuthError. A token that is good for nothing is not taken for none. */
async function admission(
  context: Context,
  { header, pool }: PoolRequest,
  { OpenDcrEnabled, OpenDcrGrantTypes = [], AuthenticatedGrantTypes = [] }: DcrConfigurationType,
): Promise<Admission> {
  const authorization = header('authorization')
  if (authorization === undefined) {
    if (!OpenDcrEnabled || OpenDcrGrantTypes.length === 0)
      throw new OAuthError('invalid_token', 'an access token is needed', 401)
    return { by: 'anyone', flows: OpenDcrGrantTypes, maxClients: poolLimits.openlyRegisteredClients.max }
  }
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  const bearer = token === undefined ? undefined : await findBearer(context, pool.id, token)
  if (!bearer) throw new OAuthError('invalid_token', 'the access token is not good, or has expired', 401)
  if (!bearer.scopes.includes(REGISTRATION_SCOPE))
    throw new OAuthError('insufficient_scope', `the access token needs the scope ${REGISTRATION_SCOPE}`, 403)
  if (AuthenticatedGrantTypes.length === 0)
    throw new OAuthError('access_denied', 'no registration with a token is allowed here', 403)
  return { by: 'token', flows: AuthenticatedGrantTypes, maxClients: poolLimits.clientsPerPool.max }
}

/** RFC 7591 3.2.1: what was registered, which need not be what was asked for. */
const answerOf = ({ clientId, secrets, settings, createdAt }: UserPoolClient, asked: ClientMetadata) => ({
  client_id: clientId,
  client_id_issued_at: Math.floor(createdAt / 1000),
  ...(secrets[0] && { client_secret: secrets[0].value, client_secret_expires_at: 0 }),
  client_name: settings.ClientName,
  redirect_uris: settings.CallbackURLs ?? [],
  grant_types: grantTypesOf[asked.flow],
  response_types: asked.flow === 'code' ? ['code'] : [],
  token_endpoint_auth_method: asked.authMethod,
  ...(asked.backchannelLogoutUri !== undefined && {
    backchannel_logout_uri: asked.backchannelLogoutUri,
    // The token always names the session.
    backchannel_logout_session_required: true,
  }),
  scope: settings.AllowedOAuthScopes?.join(' '),
})
