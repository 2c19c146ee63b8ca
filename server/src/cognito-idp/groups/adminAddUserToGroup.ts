import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { NO_SUCH_USER_MESSAGE } from '../users/require-user.ts'
import { touchUser } from '../users/user-store.ts'
import { groupsOfUser, insertMember } from './group-store.ts'
import { requireUserAndGroup } from './require-group.ts'

/** AdminAddUserToGroup: adding a member again changes nothing (docs/reference/user-pools.md 18.1). */
export const adminAddUserToGroup = operation('AdminAddUserToGroup', async (context, { input, pool, fail }) => {
  const { user, group } = await requireUserAndGroup(context, pool, input)
  await context.database.transaction(async (db) => {
    // Locks the user's row, so that concurrent additions respect the limit and a deletion of the user conflicts.
    if (!(await touchUser(db, pool.id, user.sub))) throw fail('UserNotFoundException', NO_SUCH_USER_MESSAGE)
    const groups = await groupsOfUser(db, pool.id, user.sub)
    if (groups.some((other) => other.id === group.id)) return
    // LimitExceededException is not among this operation's errors (docs/behaviour/groups.md).
    if (groups.length >= limits.groupsPerUser.max) {
      throw fail('InvalidParameterException', `A user is in at most ${limits.groupsPerUser.max} groups.`)
    }
    await insertMember(db, group, user.sub, context.clock.now())
  })
})
