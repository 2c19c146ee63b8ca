import { operation } from '../operation.ts'
import { deleteMember } from './group-store.ts'
import { requireUserAndGroup } from './require-group.ts'

/** AdminRemoveUserFromGroup: removing a user who is not a member changes nothing. */
export const adminRemoveUserFromGroup = operation('AdminRemoveUserFromGroup', async (context, { input, pool }) => {
  const { user, group } = await requireUserAndGroup(context, pool, input)
  await deleteMember(context.db, group, user.sub)
})
