// A user deletes itself, with everything that hangs on it (docs/reference/user-pools.md 7.2).
import { operation } from '../operation.ts'
import { noSuchUser } from '../users/require-user.ts'
import { deleteUser as removeUser } from '../users/user-store.ts'

export const deleteUser = operation('DeleteUser', async (context, { caller }) => {
  if (!(await context.database.transaction((db) => removeUser(db, caller.user)))) throw noSuchUser()
})
