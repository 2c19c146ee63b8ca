// Which user pool a request to an OAuth endpoint or a login page is for: the host of a domain, or the first segment of the
// path, leads to it. docs/reference/oauth-and-federation.md 1.1.
import type { UserPool } from '../cognito-idp/user-pools/pool-store.ts'
import type { Context } from '../context.ts'
import { issuerOf } from '../signing/issuer.ts'

export interface PoolDoor {
  readonly pool: UserPool
  /** The URL that the pool's endpoints are below, as applications know it; without a trailing slash. */
  readonly base: string
  /**
   * The path of that URL; empty on the host of a domain. Redirects from page to page are by path, so that a browser stays on
   * the host where its cookies are.
   */
  readonly path: string
}

/** The pool of the first segment of a path, and the path of the endpoint below it (`/oauth2/authorize`). */
export async function doorOfPath(
  context: Pick<Context, 'publicUrl' | 'userPools'>,
  path: string,
): Promise<{ door: PoolDoor; endpoint: string } | undefined> {
  const [, poolId = '', endpoint = ''] = /^\/([\w-]+_[0-9A-Za-z]+)(\/.*)$/.exec(path) ?? []
  const pool = poolId === '' ? undefined : await context.userPools.pool(poolId)
  const base = issuerOf(context.publicUrl, poolId)
  return pool && { door: { pool, base, path: new URL(base).pathname }, endpoint }
}
