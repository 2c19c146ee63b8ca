// The user that an administrator's request names, read or changed.
import type { Context } from '../../context.ts'
import type { Db } from '../../database/database.ts'
import { ApiError } from '../../errors.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { changeUser } from './change-user.ts'
import { findUser, type StoredUser } from './user-store.ts'

/**
 * The text for a user who is not there, whether or not a client hides who exists (docs/reference/user-pools.md 3.4).
 */
export const NO_SUCH_USER_MESSAGE = 'User does not exist.'

export const noSuchUser = (): ApiError => new ApiError('UserNotFoundException', NO_SUCH_USER_MESSAGE)

/** The user with this username, active alias or sub. Throws UserNotFoundException. */
export async function requireUser(context: Context, pool: UserPool, name: string): Promise<StoredUser> {
  const user = await findUser(context.db, pool, name)
  if (!user) throw noSuchUser()
  return user
}

/** Changes the user with this name, as changeUser does. Throws UserNotFoundException. */
export async function changeNamedUser(
  context: Context,
  pool: UserPool,
  name: string,
  decide: (user: StoredUser, db: Db) => StoredUser | Promise<StoredUser>,
): Promise<StoredUser> {
  const { sub } = await requireUser(context, pool, name)
  const changed = await changeUser(context, pool, sub, decide)
  if (!changed) throw noSuchUser()
  return changed
}
