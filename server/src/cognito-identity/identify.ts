// The step `identify` of the request path for identity pools: finds the pool that the input names.
import type { Context } from '../context.ts'
import { type AnyCaller, fail, type SignedCaller } from '../operation.ts'
import type { NamedOperation } from '../service.ts'
import type { IdentityPool } from './identity-pools/pool-store.ts'

export interface IdentityPoolResources {
  caller: AnyCaller
  pool: IdentityPool | undefined
}

/**
 * Throws ResourceNotFoundException when the input names an unknown pool. A signed call sees the pools of its region; a
 * public one names a region where its address does.
 */
export async function identifyIdentityPool(
  context: Context,
  _operation: NamedOperation,
  input: Record<string, unknown>,
  signer: SignedCaller | undefined,
  addressedIn?: string,
): Promise<IdentityPoolResources> {
  const { IdentityPoolId: id } = input as { IdentityPoolId?: string }
  const pool = id === undefined ? undefined : await context.identityPools.get(id)
  const region = signer?.region ?? addressedIn
  if (id !== undefined && (!pool || (region !== undefined && region !== pool.region)))
    throw fail('ResourceNotFoundException', `IdentityPool '${id}' not found.`)
  return { caller: signer ?? { kind: 'anonymous' }, pool }
}
