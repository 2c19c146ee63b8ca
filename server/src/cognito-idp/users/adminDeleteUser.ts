import { userDeleted } from '../../events.ts'
import { operation } from '../operation.ts'
import { removeUser } from './change-user.ts'
import { noSuchUserError, requireUser } from './require-user.ts'

/**
 * AdminDeleteUser: deletes the user with memberships and codes; the names are free again
 * (docs/reference/user-pools.md 7.2).
 */
export const adminDeleteUser = operation('AdminDeleteUser', async (context, { input, pool }) => {
  const user = await requireUser(context, pool, input.Username)
  if (!(await removeUser(context, pool, user))) throw noSuchUserError()
  userDeleted(context, { pool: pool.id, sub: user.sub, by: 'administrator' })
})
