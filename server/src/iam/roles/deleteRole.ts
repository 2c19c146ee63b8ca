import { named, removeEntity } from '../entity-changes.ts'
import { deleteLastUsed } from '../last-used-store.ts'
import { operation } from '../operation.ts'
import { releaseBoundary } from '../policies/boundaries.ts'
import { refuseServiceLinked, refuseWithPolicies } from '../policies/holders.ts'

/**
 * Policies have to be removed before; the boundary is removed with the role
 * (docs/reference/identity-pools-sts-iam-sync.md 18.4). Its sessions are invalid from then on.
 */
export const deleteRole = operation('DeleteRole', async (context, { input }) => {
  const role = await removeEntity(context, named('role', input.RoleName), async (role, db) => {
    refuseServiceLinked(role)
    refuseWithPolicies(role)
    await releaseBoundary(context, role, db)
    await deleteLastUsed(db, role.id)
  })
  context.lastUsed.forget(role.id)
})
