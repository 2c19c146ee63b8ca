import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { untagEntity } from '../tags.ts'

/** Unknown keys are ignored. */
export const untagRole = operation('UntagRole', async (context, { input }) => {
  await untagEntity(context, named('role', input.RoleName), input.TagKeys)
})
