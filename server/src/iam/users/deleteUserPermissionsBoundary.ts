import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { deleteBoundary } from '../policies/boundaries.ts'

/** Without a boundary nothing changes. */
export const deleteUserPermissionsBoundary = operation('DeleteUserPermissionsBoundary', async (context, { input }) => {
  await deleteBoundary(context, named('user', input.UserName))
})
