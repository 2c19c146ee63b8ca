import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { tagEntity } from '../tags.ts'

/** Adds tags; a tag replaces one with the same key. Service-linked roles may be tagged as well. */
export const tagRole = operation('TagRole', async (context, { input }) => {
  await tagEntity(context, named('role', input.RoleName), input.Tags)
})
