import { operation } from '../operation.ts'
import { noSuchUser, requireUser } from './require-user.ts'
import { deleteUser } from './user-store.ts'

/** Gone at once, with memberships and codes; the names are free again (docs/reference/user-pools.md 7.2). */
export const adminDeleteUser = operation('AdminDeleteUser', async (context, { input, pool }) => {
  const user = await requireUser(context, pool, input.Username)
  const deleted = await context.database.transaction((db) => deleteUser(db, user))
  if (!deleted) throw noSuchUser()
})
