// Reads or changes the user named by an administrator's request.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { changeUser, type UserPlan } from './change-user.ts'
import { findUser, type StoredUser } from './user-store.ts'

/**
 * The text for an unknown user at operations that never hide which users exist (docs/reference/user-pools.md 3.4).
 */
export const NO_SUCH_USER_MESSAGE = 'User does not exist.'

export const noSuchUserError = (): ApiError => new ApiError('UserNotFoundException', NO_SUCH_USER_MESSAGE)

/** The user with this username, active alias or sub. Throws UserNotFoundException. */
export async function requireUser(context: Context, pool: UserPool, name: string): Promise<StoredUser> {
  const user = await findUser(context.db, pool, name)
  if (!user) throw noSuchUserError()
  return user
}

/** changeUser for the user with this username, active alias or sub. Throws UserNotFoundException. */
export async function changeNamedUser(
  context: Context,
  pool: UserPool,
  name: string,
  prepare: (user: StoredUser) => UserPlan | Promise<UserPlan>,
): Promise<StoredUser> {
  const changed = await changeUser(context, pool, await requireUser(context, pool, name), prepare)
  if (!changed) throw noSuchUserError()
  return changed
}
