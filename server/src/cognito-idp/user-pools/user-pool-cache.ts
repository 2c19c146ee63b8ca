// The cache of user pools, app clients and domains (database/cache.ts).
import type { Sealer } from '../../crypto/seal.ts'
import { createCache } from '../../database/cache.ts'
import type { Database } from '../../database/database.ts'
import type { Clock } from '../../effects/effects.ts'
import { isDomainName } from '../domains/domain-name-rules.ts'
import { poolIdOfDomain } from '../domains/domain-store.ts'
import {
  findProvider,
  type IdentityProvider,
  listProviders,
  type ProviderSummary,
} from '../identity-providers/provider-store.ts'
import { scopesOf } from '../resource-servers/resource-server-rules.ts'
import { resourceServersOf } from '../resource-servers/resource-server-store.ts'
import { findClient, type UserPoolClient } from '../user-pool-clients/client-store.ts'
import { findPool, type UserPool } from './pool-store.ts'

export interface UserPoolCache {
  pool(id: string): Promise<UserPool | undefined>
  /** The same, as it was read last while the database is away: for what may be a little old. */
  lastKnownPool(id: string): Promise<UserPool | undefined>
  client(clientId: string): Promise<UserPoolClient | undefined>
  /** The id of the pool that has this domain: a prefix, or a host name of its own (domains/pool-of-domain.ts). */
  poolIdOfDomain(domain: string): Promise<string | undefined>
  /** The scopes of the resource servers of a pool, as `identifier/scope`. */
  customScopes(poolId: string): Promise<ReadonlySet<string>>
  /** The identity providers of a pool, in the order of names. */
  identityProviders(poolId: string): Promise<readonly ProviderSummary[]>
  /** One of them, with its secrets and metadata. */
  identityProvider(poolId: string, name: string): Promise<IdentityProvider | undefined>
  forgetProvider(poolId: string, name: string): void
  /** Call it after every write of a pool, what is in it, a client or domain in this process, with its id or name. */
  forget(id: string): void
}

// Anything without the form of an id is not looked up: ids also come from unverified tokens and from paths of requests.
const POOL_ID = /^[\w-]{1,40}_[0-9A-Za-z]{1,40}$/
// The pattern of ProviderNameType; names also come from the paths and parameters of browsers.
const PROVIDER_NAME = /^[\p{L}\p{M}\p{S}\p{N}\p{P}\p{Z}]{1,32}$/u
const CLIENT_ID = /^[\w+]{1,128}$/

export function createUserPoolCache(database: Database, sealer: Sealer, clock: Clock): UserPoolCache {
  const pools = createCache((id) => findPool(database.db, id), clock, database)
  const clients = createCache((id) => findClient(database.db, sealer, id), clock, database)
  const domains = createCache((domain) => poolIdOfDomain(database.db, domain), clock, database)
  const scopes = createCache(
    async (id): Promise<ReadonlySet<string>> => new Set(scopesOf(await resourceServersOf(database.db, id))),
    clock,
    database,
  )
  const providerLists = createCache((id) => listProviders(database.db, id), clock, database)
  const providers = createCache(
    (key) => {
      const [id, name] = splitKey(key)
      return findProvider(database.db, sealer, id, name)
    },
    clock,
    database,
  )
  return {
    pool: async (id) => (POOL_ID.test(id) ? pools.get(id) : undefined),
    lastKnownPool: async (id) => (POOL_ID.test(id) ? pools.lastKnown(id) : undefined),
    client: async (id) => (CLIENT_ID.test(id) ? clients.get(id) : undefined),
    poolIdOfDomain: async (domain) => (isDomainName(domain) ? domains.get(domain) : undefined),
    // A pool without resource servers has an empty set.
    customScopes: (poolId) => scopes.get(poolId) as Promise<ReadonlySet<string>>,
    identityProviders: (poolId) => providerLists.get(poolId) as Promise<readonly ProviderSummary[]>,
    identityProvider: async (poolId, name) =>
      PROVIDER_NAME.test(name) ? providers.get(keyOf(poolId, name)) : undefined,
    forgetProvider: (poolId, name) => {
      providerLists.forget(poolId)
      providers.forget(keyOf(poolId, name))
    },
    forget: (id) => {
      pools.forget(id)
      clients.forget(id)
      domains.forget(id)
      scopes.forget(id)
    },
  }
}

// The id of a pool has no blank.
const keyOf = (poolId: string, name: string): string => `${poolId} ${name}`
const splitKey = (key: string): [poolId: string, name: string] => [
  key.slice(0, key.indexOf(' ')),
  key.slice(key.indexOf(' ') + 1),
]
