// GET and POST /oauth2/userInfo: the user's attributes that the access token's scopes open (OpenID Connect Core 5.3).
// docs/reference/oauth-and-federation.md 6.

import { verifyAccessToken } from '../cognito-idp/tokens/access-token.ts'
import { isInScopes } from '../cognito-idp/tokens/claim-scopes.ts'
import { readableAttributes } from '../cognito-idp/user-pool-clients/attribute-permission-rules.ts'
import { ApiError } from '../errors.ts'
import { forApplications, json } from './answers.ts'
import type { PoolRequest } from './endpoint.ts'

export const userInfo = forApplications({
  category: 'UserRead',
  answer: async (context, request) => {
    const token = bearerToken(request)
    if (token === undefined) return refused(400, 'invalid_request', 'Bad OAuth2 request at UserInfo Endpoint')
    try {
      const { pool, client, user, claims } = await verifyAccessToken(context, token, ['openid'])
      if (pool.id !== request.pool.id) return invalidToken()
      const scopes = claims.scope.split(' ')
      const names = readableAttributes(pool.settings, client.settings).filter((name) => isInScopes(name, scopes))
      const attributes = names.map((name) => [name, user.attributes[name]] as const).filter(([, value]) => value)
      return json({ ...Object.fromEntries(attributes), sub: user.sub, username: user.username })
    } catch (error) {
      if (error instanceof ApiError) return invalidToken()
      throw error
    }
  },
})

/** In the header, or in the body of a POST (RFC 6750 2.1, 2.2). */
function bearerToken({ header, form }: PoolRequest): string | undefined {
  const authorization = header('authorization')
  return authorization === undefined ? form.get('access_token') : /^Bearer +(\S+)$/i.exec(authorization)?.[1]
}

const invalidToken = (): Response =>
  refused(401, 'invalid_token', 'Access token is expired, disabled, or deleted, or the user has globally signed out.')

/** The header names no scheme, as Cognito's does (docs/reference/oauth-and-federation.md 6). */
const refused = (status: 400 | 401, error: string, description: string): Response =>
  json({ error, error_description: description }, status, {
    'www-authenticate': `error="${error}", error_description="${description}"`,
    'access-control-expose-headers': 'WWW-Authenticate',
  })
