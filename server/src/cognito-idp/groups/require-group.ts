// Reads the group, and the user, that a request names.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { noSuchUserError } from '../users/require-user.ts'
import { findUser, type StoredUser } from '../users/user-store.ts'
import { NO_SUCH_GROUP_MESSAGE } from './group-rules.ts'
import { findGroup, type Group } from './group-store.ts'

export const noSuchGroupError = (): ApiError => new ApiError('ResourceNotFoundException', NO_SUCH_GROUP_MESSAGE)

/** The group with this name. Throws ResourceNotFoundException. */
export async function requireGroup(context: Context, pool: UserPool, name: string): Promise<Group> {
  const group = await findGroup(context.db, pool.id, name)
  if (!group) throw noSuchGroupError()
  return group
}

/**
 * The user and the group. Throws UserNotFoundException or ResourceNotFoundException, the former when both are missing.
 */
export async function requireUserAndGroup(
  context: Context,
  pool: UserPool,
  input: { Username: string; GroupName: string },
): Promise<{ user: StoredUser; group: Group }> {
  const [user, group] = await Promise.all([
    findUser(context.db, pool, input.Username),
    findGroup(context.db, pool.id, input.GroupName),
  ])
  if (!user) throw noSuchUserError()
  if (!group) throw noSuchGroupError()
  return { user, group }
}
