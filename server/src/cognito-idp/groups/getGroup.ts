import { operation } from '../operation.ts'
import { groupType } from './group-type.ts'
import { requireGroup } from './require-group.ts'

export const getGroup = operation('GetGroup', async (context, { input, pool }) => ({
  Group: groupType(await requireGroup(context, pool, input.GroupName)),
}))
