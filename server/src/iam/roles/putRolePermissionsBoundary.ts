import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { putBoundary } from '../policies/boundaries.ts'

/** Sets or replaces the boundary. */
export const putRolePermissionsBoundary = operation('PutRolePermissionsBoundary', async (context, { input }) => {
  await putBoundary(context, named('role', input.RoleName), input.PermissionsBoundary)
})
