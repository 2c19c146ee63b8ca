// The identity that a request names, with its pool. The pool may be deleted while its identities are still being
// removed.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import type { SignedCaller } from '../../operation.ts'
import type { IdentityPool } from '../identity-pools/pool-store.ts'
import { findIdentity, type Identity } from './identity-store.ts'
import { noSuchIdentityText } from './link-refusals.ts'

/** Throws ResourceNotFoundException, also when the pool is not of the region of a signed `caller`. One round trip. */
export async function requireIdentity(
  context: Pick<Context, 'db' | 'identityPools'>,
  id: string,
  caller?: Pick<SignedCaller, 'region'>,
): Promise<{ identity: Identity; pool: IdentityPool }> {
  const identity = await findIdentity(context.db, id)
  const pool = identity && (await context.identityPools.get(identity.poolId))
  if (!identity || !pool || (caller && caller.region !== pool.region))
    throw new ApiError('ResourceNotFoundException', noSuchIdentityText(id))
  return { identity, pool }
}

/** The identity, which must belong to the pool. Throws ResourceNotFoundException. */
export async function requireIdentityOf(
  context: Pick<Context, 'db' | 'identityPools'>,
  poolId: string,
  id: string,
): Promise<Identity> {
  const { identity } = await requireIdentity(context, id)
  if (identity.poolId !== poolId) throw new ApiError('ResourceNotFoundException', noSuchIdentityText(id))
  return identity
}
