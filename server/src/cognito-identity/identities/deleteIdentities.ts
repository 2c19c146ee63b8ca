import type { UnprocessedIdentityId } from '../../contract/cognito-identity.types.ts'
import { operation } from '../operation.ts'
import { deleteIdentity } from './change-identity.ts'

/**
 * Unknown ids are returned as unprocessed; the call does not fail for them
 * (docs/reference/identity-pools-sts-iam-sync.md 3).
 */
export const deleteIdentities = operation('DeleteIdentities', async (context, { input }) => {
  const UnprocessedIdentityIds: UnprocessedIdentityId[] = []
  // Sequentially: there are few, and each is a transaction.
  for (const id of new Set(input.IdentityIdsToDelete)) {
    const deleted = await deleteIdentity(context, id).catch((err: unknown) => {
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
