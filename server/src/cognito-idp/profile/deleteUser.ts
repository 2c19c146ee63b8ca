// A user deletes itself, with everything that hangs on it (user-pools reference 7.2).
import { operation } from '../operation.ts'
import { noSuchUser } from '../users/require-user.ts'
import { deleteUser as removeUser } from '../users/user-store.ts'

export const deleteUser = operation('DeleteUser', async (context, { caller, pool }) => {
  if (!(await context.database.transaction((db) => removeUser(db, pool, caller.user.sub)))) throw noSuchUser()
})
