import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { deleteBoundary } from '../policies/boundaries.ts'

/** Removing one that is not there changes nothing. */
export const deleteUserPermissionsBoundary = operation('DeleteUserPermissionsBoundary', async (context, { input }) => {
  await deleteBoundary(context, named('user', input.UserName))
})
