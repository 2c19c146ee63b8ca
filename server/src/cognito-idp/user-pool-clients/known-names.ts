// The names of a pool that a client's settings may have in them: scopes of resource servers, identity providers.
import type { Context } from '../../context.ts'
import { listProviders } from '../identity-providers/provider-store.ts'
import { REGISTRATION_SCOPE, scopesOf } from '../resource-servers/resource-server-rules.ts'
import { resourceServersOf } from '../resource-servers/resource-server-store.ts'
import type { KnownNames } from './oauth-client-rules.ts'

/** Read from the database: a plan that has just made a resource server goes on with its client. */
export async function knownNames({ db }: Pick<Context, 'db'>, poolId: string): Promise<KnownNames> {
  const [servers, providers] = await Promise.all([resourceServersOf(db, poolId), listProviders(db, poolId)])
  return {
    poolId,
    scopes: [REGISTRATION_SCOPE, ...scopesOf(servers)],
    providers: providers.map(({ name, type, details }) => ({
      name,
      type,
      begins: details['IDPInit']?.toLowerCase() === 'true',
    })),
  }
}
