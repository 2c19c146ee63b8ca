import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { deleteBoundary } from '../policies/boundaries.ts'

export const deleteRolePermissionsBoundary = operation('DeleteRolePermissionsBoundary', async (context, { input }) => {
  await deleteBoundary(context, named('role', input.RoleName))
})
