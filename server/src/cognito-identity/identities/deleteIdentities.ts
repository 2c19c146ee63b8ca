import type { Context } from '../../context.ts'
import type { UnprocessedIdentityId } from '../../contract/cognito-identity.types.ts'
import { operation } from '../operation.ts'
import { deleteIdentity } from './change-identity.ts'
import { findIdentity } from './identity-store.ts'

/**
 * Unknown ids are returned as unprocessed; the call does not fail for them
 * (docs/reference/identity-pools-sts-iam-sync.md 3).
 */
export const deleteIdentities = operation('DeleteIdentities', async (context, { input, caller }) => {
  const UnprocessedIdentityIds: UnprocessedIdentityId[] = []
  // Sequentially: there are few, and each is a transaction.
  for (const id of new Set(input.IdentityIdsToDelete)) {
    const deleted = await deleteIn(context, caller.region, id).catch((err: unknown) => {
      context.log.error({ err, identity: id }, 'an identity was not deleted')
      return 'failed' as const
    })
    if (deleted === true) continue
    UnprocessedIdentityIds.push({
      IdentityId: id,
      ErrorCode: deleted === 'failed' ? 'InternalServerError' : 'AccessDenied',
    })
  }
  return { UnprocessedIdentityIds }
})

/** Deletes an identity with its logins; false when no pool of the region has it. */
async function deleteIn(context: Context, region: string, id: string): Promise<boolean> {
  const identity = await findIdentity(context.db, id)
  const pool = identity && (await context.identityPools.get(identity.poolId))
  // A deleted pool has no region any more; its identities go with it.
  return pool !== undefined && pool.region !== region ? false : deleteIdentity(context, id)
}
