import { named } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { listTags } from '../tags.ts'

/** In the order of keys. */
export const listRoleTags = operation('ListRoleTags', (context, { input }) =>
  listTags(context, 'ListRoleTags', named('role', input.RoleName), input),
)
