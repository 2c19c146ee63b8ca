// DeleteUserAttributes: users delete their own attributes; one that is not set is no error
// (docs/reference/user-pools.md 7.8).
import { operation } from '../operation.ts'
import { dropUnneededCodes } from '../recovery-codes/recovery-codes.ts'
import { mergeAttributes, sameAttributes } from '../users/attribute-rules.ts'
import { changeUser } from '../users/change-user.ts'
import { noSuchUserError } from '../users/require-user.ts'
import { deletionRefusal } from './attribute-write-rules.ts'

export const deleteUserAttributes = operation(
  'DeleteUserAttributes',
  async (context, { input, caller, pool, client, fail }) => {
    const names = input.UserAttributeNames
    const settings = { pool: pool.settings, client: client.settings }
    const changed = await changeUser(context, pool, caller.user, (user) => {
      const refusal = deletionRefusal(settings, user.attributes, names)
      if (refusal) throw fail(refusal.refused, refusal.message)
      const attributes = mergeAttributes(user.attributes, Object.fromEntries(names.map((name) => [name, ''])))
      if (sameAttributes(attributes, user.attributes)) return { user }
      const without = { ...user, attributes }
      return { user: without, after: (db) => dropUnneededCodes(db, pool, without) }
    })
    if (!changed) throw noSuchUserError()
    return {}
  },
)
