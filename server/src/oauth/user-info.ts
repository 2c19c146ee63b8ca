// GET and POST /oauth2/userInfo: the user's attributes that the access token's scopes open (OpenID Connect Core 5.3).
// docs/reference/oauth-and-federation.md 6.

import { verifyAccessToken } from '../cognito-idp/tokens/access-token.ts'
import { isInScopes } from '../cognito-idp/tokens/claim-scopes.ts'
import { readableAttributes } from '../cognito-idp/user-pool-clients/attribute-permission-rules.ts'
import { ApiError } from '../errors.ts'
import { forApplications, json } from './answers.ts'
import { spendProof, tokenProof } from './dpop/proof.ts'
import { PROOF_ALGORITHMS } from './dpop/read-proof.ts'
import type { PoolRequest } from './endpoint.ts'
import { OAuthError } from './oauth-error.ts'
import { PageProblem, tooMany } from './pool-requests.ts'

export const userInfo = forApplications({
  category: 'UserRead',
  answer: async (context, request) => {
    const shown = shownToken(request)
    if (shown === undefined) return refused(400, 'invalid_request', 'Bad OAuth2 request at UserInfo Endpoint')
    try {
      const proof = shown.isBound ? tokenProof(context, request, shown.token) : undefined
      const { pool, client, user, claims } = await verifyAccessToken(context, shown.token, ['openid'], proof?.key)
      if (pool.id !== request.pool.id) return invalidToken(shown)
      if (!(await context.requestRates.admitUser(user.sub, 'GetUser'))) throw new PageProblem(tooMany)
      if (proof && !(await spendProof(context, pool.id, proof)))
        return refusedProof(new OAuthError('invalid_dpop_proof', 'the proof was used before'))
      const scopes = claims.scope.split(' ')
      const names = readableAttributes(pool.settings, client.settings).filter((name) => isInScopes(name, scopes))
      const attributes = names.map((name) => [name, user.attributes[name]] as const).filter(([, value]) => value)
      return json({ ...Object.fromEntries(attributes), sub: user.sub, username: user.username })
    } catch (error) {
      if (error instanceof ApiError) return invalidToken(shown)
      if (error instanceof OAuthError) return refusedProof(error)
      throw error
    }
  },
})

interface ShownToken {
  readonly token: string
  /** Comes with the proof of a key (RFC 9449 7.1). */
  readonly isBound: boolean
}

/** In the header, or in the body of a POST (RFC 6750 2.1, 2.2); undefined for both at once. */
function shownToken({ header, form }: PoolRequest): ShownToken | undefined {
  const authorization = header('authorization')
  const isTwice =
    form.repeated() !== undefined || (authorization !== undefined && form.get('access_token') !== undefined)
  if (isTwice) return undefined
  const [, scheme = '', token] = /^(Bearer|DPoP) +(\S+)$/i.exec(authorization ?? '') ?? []
  const shown = authorization === undefined ? form.get('access_token') : token
  return shown === undefined ? undefined : { token: shown, isBound: /^dpop$/i.test(scheme) }
}

const invalidToken = ({ isBound }: ShownToken): Response =>
  refused(
    401,
    'invalid_token',
    'Access token is expired, disabled, or deleted, or the user has globally signed out.',
    isBound ? DPOP : '',
  )

/** The scheme of a challenge for tokens that are bound to keys (RFC 9449 7.1). */
const DPOP = `DPoP algs="${PROOF_ALGORITHMS.join(' ')}", `

const refusedProof = ({ code, description = '', headers }: OAuthError): Response =>
  refused(401, code, description, DPOP, headers)

/** For bearers the header names no scheme, as Cognito's does (docs/reference/oauth-and-federation.md 6). */
const refused = (
  status: 400 | 401,
  error: string,
  description: string,
  scheme = '',
  headers: Readonly<Record<string, string>> = {},
): Response =>
  json({ error, error_description: description }, status, {
    'www-authenticate': `${scheme}error="${error}", error_description="${description}"`,
    'access-control-expose-headers': 'WWW-Authenticate',
    ...headers,
  })
