import { pageOf, pageSize, positionOf } from '../../pagination.ts'
import { operation } from '../operation.ts'
import { requireUser } from '../users/require-user.ts'
import { listGroupsOfUser } from './group-store.ts'
import { groupType } from './group-type.ts'

/** In the order of names. */
export const adminListGroupsForUser = operation('AdminListGroupsForUser', async (context, { input, pool }) => {
  const user = await requireUser(context, pool, input.Username)
  // Bound to the user and not to the name it was called by.
  const scope = { operation: 'AdminListGroupsForUser', request: [pool.id, user.sub] }
  const size = pageSize(input.Limit)
  const [after = ''] = positionOf(context, scope, input.NextToken) ?? []
  const groups = await listGroupsOfUser(context.db, pool.id, user.sub, after, size + 1)
  const page = pageOf(context, scope, groups, size, (group) => [group.name])
  return { Groups: page.entries.map(groupType), NextToken: page.token }
})
