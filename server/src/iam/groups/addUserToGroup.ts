import { quotaExceededError } from '../iam-errors.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { changeMembership } from './member-change.ts'
import { insertMembership } from './membership-store.ts'

/** Adding a member again changes nothing. */
export const addUserToGroup = operation('AddUserToGroup', async (context, { input }) => {
  await changeMembership(context, input, async ({ key, settings: { groups } }, group, db) => {
    if (groups.includes(group.key)) return groups
    if (groups.length >= limits.groupsPerUser.max) throw quotaExceededError(limits.groupsPerUser)
    await insertMembership(db, key, group.key)
    return [...groups, group.key]
  })
})
