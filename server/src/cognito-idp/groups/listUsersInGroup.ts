import { pageOf, pageSize, positionOf } from '../../pagination.ts'
import { operation } from '../operation.ts'
import { userType } from '../users/user-type.ts'
import { listMembers } from './group-store.ts'
import { requireGroup } from './require-group.ts'

/** ListUsersInGroup, in the order of subs. */
export const listUsersInGroup = operation('ListUsersInGroup', async (context, { input, pool }) => {
  const group = await requireGroup(context, pool, input.GroupName)
  const scope = { operation: 'ListUsersInGroup', request: [pool.id, group.id] }
  const size = pageSize(input.Limit)
  const [after = ''] = positionOf(context, scope, input.NextToken) ?? []
  const users = await listMembers(context.db, group, after, size + 1)
  const page = pageOf(context, scope, users, size, (user) => [user.sub])
  return { Users: page.entries.map((user) => userType(user)), NextToken: page.token }
})
