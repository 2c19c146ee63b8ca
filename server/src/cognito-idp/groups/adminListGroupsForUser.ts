import { pageOf, pageSize, positionOf } from '../../pagination.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { requireUser } from '../users/require-user.ts'
import { listGroupsOfUser } from './group-store.ts'
import { groupType } from './group-type.ts'

/** AdminListGroupsForUser, in the order of group names. */
export const adminListGroupsForUser = operation('AdminListGroupsForUser', async (context, { input, pool }) => {
  const user = await requireUser(context, pool, input.Username)
  // Page tokens are bound to the sub, so that every name of the user may be used with them.
  const scope = { operation: 'AdminListGroupsForUser', request: [pool.id, user.sub] }
  const size = pageSize(input.Limit, limits.groupsPage.max)
  const [after = ''] = positionOf(context, scope, input.NextToken) ?? []
  const groups = await listGroupsOfUser(context.db, pool.id, user.sub, after, size + 1)
  const page = pageOf(context, scope, groups, size, (group) => [group.name])
  return { Groups: page.entries.map(groupType), NextToken: page.token }
})
