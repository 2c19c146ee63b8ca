import { named, requireEntity } from '../entity-changes.ts'
import { findEntities } from '../entity-store.ts'
import { groupType } from '../groups/group-type.ts'
import { operation } from '../operation.ts'
import { pageOfValues } from '../pagination.ts'

/** In the order of names. */
export const listGroupsForUser = operation('ListGroupsForUser', async (context, { input }) => {
  const { key, settings } = await requireEntity(context.db, named('user', input.UserName))
  const groups = await findEntities(context.db, 'group', settings.groups)
  const scope = { operation: 'ListGroupsForUser', request: [key] }
  const { entries, end } = pageOfValues(context, scope, input, groups, (group) => group.key)
  return { Groups: entries.map((group) => groupType(context.config.accountId, group)), ...end }
})
