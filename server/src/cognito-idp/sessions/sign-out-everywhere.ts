// Signs a user out everywhere: no token and no session of a browser is good any more (docs/reference/user-pools.md 12.6).
import type { Context } from '../../context.ts'
import { signedOut } from '../../events.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { changeUser } from '../users/change-user.ts'
import type { StoredUser } from '../users/user-store.ts'
import { forgetSessions } from './track-session.ts'

/** The user in the token generation from now on; undefined for one who was deleted. */
export async function signOutEverywhere(
  context: Context,
  pool: UserPool,
  known: StoredUser,
  by: 'user' | 'administrator',
): Promise<StoredUser | undefined> {
  const changed = await changeUser(context, pool, known, (user) => ({
    user: { ...user, tokenGeneration: user.tokenGeneration + 1 },
    after: forgetSessions(context, pool, user.sub),
  }))
  signedOut(context, { pool: pool.id, sub: known.sub, from: 'everywhere', by })
  return changed
}
