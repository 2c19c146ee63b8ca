// What verifiers of tokens of identity pools fetch: published keys and discovery document, below the issuer of the
// tokens (docs/reference/identity-pools-sts-iam-sync.md 6, docs/behaviour/identity-pool-tokens.md).
import { Hono } from 'hono'
import type { Context } from '../context.ts'
import { POOL_TOKEN_ISSUER_PATH, poolTokenIssuer } from '../federation/identity-pool-token.ts'
import { identityPoolKeys } from '../signing/key-owners.ts'
import { CACHE_SECONDS } from './discovery.ts'

/** The path that AWS has for the keys. */
const KEYS = '/.well-known/jwks_uri'

/**
 * Discovery (OpenID Connect Discovery 1.0 section 3) and keys. There is no authorization endpoint: tokens come from the
 * API.
 */
export function identityPoolKeyPages(context: Context): Hono {
  const app = new Hono().basePath(POOL_TOKEN_ISSUER_PATH)
  const issuer = poolTokenIssuer(context.publicUrl)
  app.use('/.well-known/*', async (c, next) => {
    await next()
    c.header('access-control-allow-origin', '*')
    if (c.res.status === 200) c.header('cache-control', `public, max-age=${CACHE_SECONDS}`)
  })
  app.get('/.well-known/openid-configuration', (c) =>
    c.json({
      issuer,
      jwks_uri: `${issuer}${KEYS}`,
      response_types_supported: ['token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS512'],
    }),
  )
  app.get(KEYS, async (c) => {
    const keys = await context.keys.publishedKeys(identityPoolKeys(context.config.region))
    return c.json({ keys: keys.map((key) => key.publicJwk) })
  })
  return app
}
