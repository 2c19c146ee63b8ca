import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { tagEntity } from '../tags.ts'

/** Tags replace those of their keys. Roles of services may be tagged, too. */
export const tagRole = operation('TagRole', async (context, { input }) => {
  await tagEntity(context, named('role', input.RoleName), input.Tags)
})
