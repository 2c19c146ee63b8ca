// POST /oauth2/token: the phases that every grant has, so that none can forget one. docs/reference/oauth-and-federation.md 5.
import { noteClientUse } from '../../cognito-idp/user-pool-clients/registered-client-store.ts'
import { ApiError } from '../../errors.ts'
import { forApplications, json } from '../answers.ts'
import { authenticateClient } from '../client-authentication.ts'
import { newNonce } from '../dpop/nonce.ts'
import { requiredKey } from '../dpop/proof.ts'
import { OAuthError } from '../oauth-error.ts'
import type { Grant, TokenAnswer } from './grant.ts'
import { DEVICE_GRANT, EXCHANGE_GRANT } from './grant-types.ts'
import { authorizationCode } from './grants/authorization-code.ts'
import { clientCredentials } from './grants/client-credentials.ts'
import { deviceCode } from './grants/device-code.ts'
import { refreshToken } from './grants/refresh-token.ts'
import { tokenExchange } from './grants/token-exchange.ts'

const grants: Readonly<Record<string, Grant>> = {
  authorization_code: authorizationCode,
  refresh_token: refreshToken,
  client_credentials: clientCredentials,
  [DEVICE_GRANT]: deviceCode,
  [EXCHANGE_GRANT]: tokenExchange,
}

export const token = forApplications({
  costly: true,
  category: ({ form }) => (form.get('grant_type') === 'client_credentials' ? 'ClientAuthentication' : 'UserToken'),
  answer: async (context, request) => {
    const { form } = request
    if (form.repeated() !== undefined) throw new OAuthError('invalid_request', 'a parameter is repeated')
    const type = form.get('grant_type')
    if (type === undefined) throw new OAuthError('invalid_request', 'grant_type is missing')
    const place = await authenticateClient(context, request)
    const grant = Object.hasOwn(grants, type) ? grants[type] : undefined
    if (!grant) throw new OAuthError('unsupported_grant_type')
    if (!place.client.settings.AllowedOAuthFlowsUserPoolClient || !grant.allowedFor(place))
      throw new OAuthError('unauthorized_client')
    const key = await requiredKey(context, place, request)
    const given = await triggersWorded(() => grant.give(context, place, request, key))
    // A refresh notes it itself, as the API's does.
    if (place.client.settings.ClientType === 'DCR' && grant !== refreshToken)
      await noteClientUse(context.db, place.client.clientId, context.clock.now())
    return key === undefined
      ? json(bodyOf(given, 'Bearer'))
      : json(bodyOf(given, 'DPoP'), 200, { 'dpop-nonce': newNonce(context, place.pool.id) })
  },
})

const bodyOf = (given: TokenAnswer, type: 'Bearer' | 'DPoP'): Record<string, unknown> => ({
  id_token: given.IdToken,
  access_token: given.AccessToken,
  refresh_token: given.RefreshToken,
  expires_in: given.ExpiresIn,
  token_type: type,
  issued_token_type: given.issuedTokenType,
  scope: given.scopes?.join(' '),
})

/** A trigger of the pool that refuses, or does not work, is told in the words of the API. */
async function triggersWorded<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw error instanceof ApiError ? new OAuthError('invalid_request', error.message) : error
  }
}
