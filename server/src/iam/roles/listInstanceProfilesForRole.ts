import { named, requireEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { emptyPage } from '../pagination.ts'

/**
 * Always empty: Terraform reads the list before it deletes a role
 * (docs/reference/identity-pools-sts-iam-sync.md 18.2).
 */
export const listInstanceProfilesForRole = operation('ListInstanceProfilesForRole', async (context, { input }) => {
  await requireEntity(context.db, named('role', input.RoleName))
  return { InstanceProfiles: [], ...emptyPage }
})
