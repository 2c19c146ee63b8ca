import { operation } from '../operation.ts'
import { changeMembership } from './member-change.ts'
import { deleteMembership } from './membership-store.ts'

/** Removing a user who is not a member changes nothing, as seen at the service. */
export const removeUserFromGroup = operation('RemoveUserFromGroup', async (context, { input }) => {
  await changeMembership(context, input, async ({ key, settings: { groups } }, group, db) => {
    if (!groups.includes(group.key)) return groups
    await deleteMembership(db, key, group.key)
    return groups.filter((other) => other !== group.key)
  })
})
