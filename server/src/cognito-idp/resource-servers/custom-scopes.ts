// The scopes of resource servers that clients have in tokens. The scopes of a pool come from the cache.
import type { Context } from '../../context.ts'
import type { UserPoolClient } from '../user-pool-clients/client-store.ts'
import { STANDARD_SCOPES } from '../user-pool-clients/oauth-client-rules.ts'
import { REGISTRATION_SCOPE } from './resource-server-rules.ts'

type Pools = Pick<Context, 'userPools'>
type Client = Pick<UserPoolClient, 'userPoolId' | 'settings'>

const isOfEveryPool = (scope: string): boolean => isStandard(scope) || scope === REGISTRATION_SCOPE
const isStandard = (scope: string): boolean => STANDARD_SCOPES.includes(scope)

/**
 * AllowedOAuthScopes of a client, in its order, without those that no resource server of the pool has any more: such a scope
 * stays with the client, and is active again when a resource server gets it back (docs/reference/user-pools.md 18.2).
 */
export async function activeScopes({ userPools }: Pools, { userPoolId, settings }: Client): Promise<string[]> {
  const allowed = settings.AllowedOAuthScopes ?? []
  if (allowed.every(isOfEveryPool)) return [...allowed]
  const known = await userPools.customScopes(userPoolId)
  return allowed.filter((scope) => isOfEveryPool(scope) || known.has(scope))
}

/**
 * The scopes of a token of the application itself, which has those of resource servers alone: the requested ones, or all of
 * the client when it requests none. `unknown`: a scope that it may not have. docs/reference/oauth-and-federation.md 10.5.
 */
export async function clientTokenScopes(
  context: Pools,
  client: Client,
  requested: readonly string[] = [],
): Promise<{ scopes: string[]; unknown?: undefined } | { unknown: string }> {
  const custom = (await activeScopes(context, client)).filter((scope) => !isStandard(scope))
  if (requested.length === 0) return { scopes: custom }
  const unknown = requested.find((scope) => !custom.includes(scope))
  return unknown === undefined ? { scopes: [...new Set(requested)] } : { unknown }
}
