import { operation } from '../operation.ts'
import { deleteGroup as deleteStoredGroup } from './group-store.ts'
import { noSuchGroupError, requireGroup } from './require-group.ts'

/** DeleteGroup: ends all memberships at once; their rows are removed later (docs/reference/user-pools.md 18.1). */
export const deleteGroup = operation('DeleteGroup', async (context, { input, pool }) => {
  const group = await requireGroup(context, pool, input.GroupName)
  const deleted = await context.database.transaction((db) => deleteStoredGroup(db, group, context.clock.now()))
  if (!deleted) throw noSuchGroupError()
})
