// DeleteUser: users delete themselves, with every row that belongs to them (docs/reference/user-pools.md 7.2).
import { userDeleted } from '../../events.ts'
import { operation } from '../operation.ts'
import { removeUser } from '../users/change-user.ts'
import { noSuchUserError } from '../users/require-user.ts'

export const deleteUser = operation('DeleteUser', async (context, { caller, pool }) => {
  if (!(await removeUser(context, pool, caller.user))) throw noSuchUserError()
  userDeleted(context, { pool: pool.id, sub: caller.user.sub, by: 'user' })
})
