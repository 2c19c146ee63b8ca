import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { untagEntity } from '../tags.ts'

/** Unknown keys are ignored. */
export const untagUser = operation('UntagUser', async (context, { input }) => {
  await untagEntity(context, named('user', input.UserName), input.TagKeys)
})
