// The identity providers of a pool, as far as links of users need them.
import type { Context } from '../../context.ts'
import { parseIdpMetadata } from '../../saml/metadata.ts'
import { findProvider } from '../identity-providers/provider-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { LinkedProvider } from './link-rules.ts'

/** The provider of this name, with the entity id of a SAML one; undefined when the pool has none. */
export async function providerOfPool(
  context: Pick<Context, 'db' | 'sealer'>,
  pool: UserPool,
  name: string,
): Promise<LinkedProvider | undefined> {
  const provider = await findProvider(context.db, context.sealer, pool.id, name)
  if (!provider) return undefined
  const metadata = provider.type === 'SAML' ? await parseIdpMetadata(provider.document) : undefined
  const issuer = metadata && 'entityId' in metadata ? metadata.entityId : undefined
  return {
    name,
    type: provider.type,
    mapped: Object.keys(provider.mapping).filter((attribute) => attribute !== 'username'),
    ...(issuer && { issuer }),
  }
}
