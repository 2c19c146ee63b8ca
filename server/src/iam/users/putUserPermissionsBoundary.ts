import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { putBoundary } from '../policies/boundaries.ts'

/** Sets or replaces the boundary. */
export const putUserPermissionsBoundary = operation('PutUserPermissionsBoundary', async (context, { input }) => {
  await putBoundary(context, named('user', input.UserName), input.PermissionsBoundary)
})
