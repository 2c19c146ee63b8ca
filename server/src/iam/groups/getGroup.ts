import { named, requireEntity } from '../entity-changes.ts'
import { findEntities } from '../entity-store.ts'
import { operation } from '../operation.ts'
import { pageOf, pageSize, positionOf } from '../pagination.ts'
import { listedUser } from '../users/user-type.ts'
import { groupType } from './group-type.ts'
import { listMembers } from './membership-store.ts'

/** A group and a page of its members, in the order of their names. */
export const getGroup = operation('GetGroup', async (context, { input }) => {
  const { db, config } = context
  const group = await requireEntity(db, named('group', input.GroupName))
  const scope = { operation: 'GetGroup', request: [group.key] }
  const size = pageSize(input)
  const keys = await listMembers(db, group.key, positionOf(context, scope, input), size + 1)
  const { entries, end } = pageOf(context, scope, keys, size, (key) => key)
  const users = await findEntities(db, 'user', entries)
  users.sort((one, other) => (one.key < other.key ? -1 : 1))
  return {
    Group: groupType(config.accountId, group),
    Users: users.map((user) => listedUser(config.accountId, user)),
    ...end,
  }
})
