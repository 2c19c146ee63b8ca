import { pageOf, pageSize, positionOf } from '../../pagination.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { listGroups as listStoredGroups } from './group-store.ts'
import { groupType } from './group-type.ts'

/** ListGroups, in the order of names. */
export const listGroups = operation('ListGroups', async (context, { input, pool }) => {
  const scope = { operation: 'ListGroups', request: [pool.id] }
  const size = pageSize(input.Limit, limits.groupsPage.max)
  const [after = ''] = positionOf(context, scope, input.NextToken) ?? []
  const groups = await listStoredGroups(context.db, pool.id, after, size + 1)
  const page = pageOf(context, scope, groups, size, (group) => [group.name])
  return { Groups: page.entries.map(groupType), NextToken: page.token }
})
