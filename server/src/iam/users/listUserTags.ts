import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { listTags } from '../tags.ts'

export const listUserTags = operation('ListUserTags', async (context, { input }) => {
  return listTags(context, 'ListUserTags', named('user', input.UserName), input)
})
