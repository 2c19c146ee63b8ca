import { requireEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { rootUser } from './root-user.ts'
import { userOrCaller } from './user-reference.ts'
import { userType } from './user-type.ts'

/** Without a name the caller: a user, or the root. */
export const getUser = operation('GetUser', async ({ db, config: { accountId } }, { input, caller }) => {
  if (input.UserName === undefined && caller.principal.kind === 'root') return { User: rootUser(accountId) }
  return { User: userType(accountId, await requireEntity(db, userOrCaller(caller, input.UserName))) }
})
