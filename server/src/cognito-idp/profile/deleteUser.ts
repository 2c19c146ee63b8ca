// A user deletes itself, with everything that hangs on it (user-pools reference 7.2).
import { operation } from '../operation.ts'
import { removeUser } from '../users/change-user.ts'
import { noSuchUser } from '../users/require-user.ts'

export const deleteUser = operation('DeleteUser', async (context, { caller }) => {
  if (!(await removeUser(context, caller.user))) throw noSuchUser()
})
