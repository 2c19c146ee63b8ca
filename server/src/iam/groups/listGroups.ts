import { listByPath } from '../list-by-path.ts'
import { operation } from '../operation.ts'
import { groupType } from './group-type.ts'

/** In the order of path and name. */
export const listGroups = operation('ListGroups', async (context, { input }) => {
  const { entries, end } = await listByPath(context, 'ListGroups', 'group', input)
  return { Groups: entries.map((group) => groupType(context.config.accountId, group)), ...end }
})
