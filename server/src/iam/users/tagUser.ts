import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { tagEntity } from '../tags.ts'

/** Adds tags; a tag replaces one with the same key. */
export const tagUser = operation('TagUser', async (context, { input }) => {
  await tagEntity(context, named('user', input.UserName), input.Tags)
})
