// What verifiers of tokens fetch: the published keys and the discovery document of a user pool.
import { Hono } from 'hono'
import type { Context } from '../context.ts'
import { issuerOf } from '../signing/issuer.ts'

// Shorter than PUBLISHED_AHEAD_MS of signing-keys.ts, so that caches contain a new key before it signs.
export const CACHE_SECONDS = 300

/**
 * `/<userPoolId>/.well-known/jwks.json` and `…/openid-configuration` (docs/reference/user-pools.md 12.1, OpenID Connect
 * Discovery 1.0 section 4). The document names the endpoints that answer: an address in it that is 404 would be taken for
 * a server that is broken. Those of OAuth belong in it once they are here.
 */
export function discoveryPages(context: Context): Hono {
  const app = new Hono()
  app.use('/:poolId/.well-known/*', async (c, next) => {
    await next()
    c.header('access-control-allow-origin', '*')
    if (c.res.status === 200) c.header('cache-control', `public, max-age=${CACHE_SECONDS}`)
  })
  app.get('/:poolId/.well-known/jwks.json', async (c) => {
    const pool = await context.userPools.lastKnownPool(c.req.param('poolId'))
    if (!pool) return c.json({ message: 'User pool does not exist.' }, 404)
    const keys = await context.keys.publishedKeys(pool.id)
    return c.json({ keys: keys.map((key) => key.publicJwk) })
  })
  app.get('/:poolId/.well-known/openid-configuration', async (c) => {
    const pool = await context.userPools.lastKnownPool(c.req.param('poolId'))
    if (!pool) return c.json({ message: 'User pool does not exist.' }, 404)
    const issuer = issuerOf(context.publicUrl, pool.id)
    return c.json({
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code', 'token'],
      scopes_supported: ['openid', 'email', 'phone', 'profile'],
      subject_types_supported: ['public'],
    })
  })
  return app
}
