// What verifiers of tokens fetch: the published keys and the discovery document of a user pool.
import { Hono } from 'hono'
import {
  allowsIntrospection,
  anyClientHas,
  hasDpop,
  mayHaveBackchannelLogout,
  poolPushedAuthorization,
} from '../cognito-idp/tags/cognomen-tag-rules.ts'
import { acrOf, LEVELS } from '../cognito-idp/user-pools/acr-rules.ts'
import { registrationOf } from '../cognito-idp/user-pools/dcr-rules.ts'
import type { Context } from '../context.ts'
import { ALLOWED_ALGORITHMS } from '../federation/oidc/verify-token.ts'
import { textResponse } from '../http/text-response.ts'
import { forApplications } from './answers.ts'
import { PROOF_ALGORITHMS } from './dpop/read-proof.ts'
import type { Endpoints } from './endpoint.ts'
import { type PoolDoor, publishedBase } from './pool-door.ts'
import { DEVICE_GRANT, EXCHANGE_GRANT } from './token/grant-types.ts'

// Shorter than PUBLISHED_AHEAD_MS of signing-keys.ts, so that caches contain a new key before it signs.
export const CACHE_SECONDS = 300

/** The answer where there is no such pool; the documents of those that there are come from `discoveryEndpoints`. */
export function noDiscoveryPages(): Hono {
  const app = new Hono()
  for (const name of ['jwks.json', 'openid-configuration'])
    for (const before of ['', '/issuer', '/regions/:region', '/regions/:region/issuer'])
      app.get(`${before}/:poolId/.well-known/${name}`, (call) => {
        call.header('access-control-allow-origin', '*')
        call.header('x-content-type-options', 'nosniff')
        return call.json({ message: 'User pool does not exist.' }, 404)
      })
  return app
}

function discoveryDocument(
  context: Pick<Context, 'publicUrl' | 'config'>,
  { pool, issuer }: Pick<PoolDoor, 'pool' | 'issuer'>,
): Record<string, unknown> {
  const base = publishedBase(context, pool)
  const pushed = poolPushedAuthorization(pool.settings)
  const hasDevices = anyClientHas(pool.settings, 'device-grant')
  const byKeys = anyClientHas(pool.settings, 'client-keys') ? ['private_key_jwt'] : []
  return {
    issuer,
    authorization_endpoint: `${base}/oauth2/authorize`,
    token_endpoint: `${base}/oauth2/token`,
    userinfo_endpoint: `${base}/oauth2/userInfo`,
    revocation_endpoint: `${base}/oauth2/revoke`,
    ...(registrationOf(pool.settings) && { registration_endpoint: `${base}/oauth2/register` }),
    ...(allowsIntrospection(pool.settings) && {
      introspection_endpoint: `${base}/oauth2/introspect`,
      introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', ...byKeys],
    }),
    ...(pushed && {
      pushed_authorization_request_endpoint: `${base}/oauth2/par`,
      require_pushed_authorization_requests: pushed === 'required',
    }),
    ...(hasDpop(pool.settings) && { dpop_signing_alg_values_supported: PROOF_ALGORITHMS }),
    ...(hasDevices && { device_authorization_endpoint: `${base}/oauth2/device_authorization` }),
    end_session_endpoint: `${base}/logout`,
    ...(mayHaveBackchannelLogout(pool.settings) && {
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    }),
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ['code', 'token'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    grant_types_supported: [
      'authorization_code',
      'implicit',
      'refresh_token',
      'client_credentials',
      ...(hasDevices ? [DEVICE_GRANT] : []),
      ...(anyClientHas(pool.settings, 'token-exchange') ? [EXCHANGE_GRANT] : []),
    ],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'phone', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none', ...byKeys],
    revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none', ...byKeys],
    ...(byKeys.length > 0 && { token_endpoint_auth_signing_alg_values_supported: ALLOWED_ALGORITHMS }),
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    claims_parameter_supported: false,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    acr_values_supported: LEVELS.map((level) => acrOf(pool.settings, level)),
    claims_supported: [
      'sub',
      'iss',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'nonce',
      'acr',
      'amr',
      'at_hash',
      'email',
      'email_verified',
    ],
  }
}

/**
 * Keys and discovery document (docs/reference/user-pools.md 12.1, OpenID Connect Discovery 1.0 section 4;
 * docs/reference/oauth-and-federation.md 1.2). The document names the endpoints that answer: an address in it that is 404
 * would be taken for a server that is broken.
 */
export const discoveryEndpoints: Endpoints = {
  'GET /.well-known/openid-configuration': forApplications({
    answer: (context, door) => published(discoveryDocument(context, door)),
  }),
  'GET /.well-known/jwks.json': forApplications({
    answer: async (context, { pool }) =>
      published({ keys: (await context.keys.publishedKeys(pool.id)).map((key) => key.publicJwk) }),
  }),
}

/** OpenID Connect Discovery 1.0 section 4.2. */
const published = (document: unknown): Response =>
  textResponse(JSON.stringify(document), {
    headers: { 'content-type': 'application/json', 'cache-control': `public, max-age=${CACHE_SECONDS}` },
  })
