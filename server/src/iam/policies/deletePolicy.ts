import { removeEntity } from '../entity-changes.ts'
import { countVersions } from '../entity-store.ts'
import { attachedToEntitiesError } from '../iam-errors.ts'
import { operation } from '../operation.ts'
import { ownPolicy } from './managed-policies.ts'

/**
 * A policy in use is not deleted, and all versions but the default one have to be deleted before
 * (docs/reference/identity-pools-sts-iam-sync.md 18.4).
 */
export const deletePolicy = operation('DeletePolicy', async (context, { input, fail }) => {
  await removeEntity(context, ownPolicy(context, input.PolicyArn), async ({ settings }, db) => {
    if (settings.attachments > 0 || settings.boundaryOf > 0) throw attachedToEntitiesError()
    if (settings.versions.length > 1)
      throw fail(
        'DeleteConflictException',
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      )
    await countVersions(db, -1)
  })
})
