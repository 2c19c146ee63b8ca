import { findIdentity, type Identity } from '../../cognito-identity/identities/identity-store.ts'
import type { Db } from '../../database/database.ts'
import { ApiError } from '../../errors.ts'

/** An identity of a pool. Throws ResourceNotFoundException when there is none, or it was merged into another one. */
export async function liveIdentity(db: Db, poolId: string, id: string): Promise<Identity> {
  const identity = await findIdentity(db, id)
  if (identity?.poolId !== poolId || identity.disabled)
    throw new ApiError('ResourceNotFoundException', `Identity '${id}' not found.`)
  return identity
}
