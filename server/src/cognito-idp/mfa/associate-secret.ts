// A new secret for an authenticator app, shown this once: for a user who is signed in, and in the middle of a sign-in
// (docs/reference/user-pools.md 9.9).
import type { Context } from '../../context.ts'
import { spendSession } from '../sign-in/session.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { noSuchUserError } from '../users/require-user.ts'
import { type StoredUser, touchUser } from '../users/user-store.ts'
import type { SettingUp } from './setting-up.ts'
import { putPendingSecret } from './software-token-store.ts'
import { newSecret, requireSoftwareTokens, sealSecret } from './software-tokens.ts'

/**
 * A secret in base32 that waits in the database until it is verified; an earlier one works until then. Throws
 * SoftwareTokenMFANotFoundException and UserNotFoundException.
 */
export async function associateSecret(context: Context, pool: UserPool, user: StoredUser): Promise<string> {
  requireSoftwareTokens(pool)
  const secret = newSecret(context)
  const sealed = sealSecret(context, user, secret)
  const written = await context.database.transaction(async (db) => {
    // The user's row as well, so that no token outlives its user.
    if (!(await touchUser(db, user.userPoolId, user.sub))) return false
    await putPendingSecret(db, user, sealed)
    return true
  })
  if (!written) throw noSuchUserError()
  return secret
}

/** A secret in base32 that waits in the next session. Throws SignInRefused for a session that was used. */
export async function associateInSession(
  context: Context,
  { pool, session, next }: SettingUp,
): Promise<{ secret: string; session: string }> {
  const secret = newSecret(context)
  await spendSession(context.db, pool.id, session)
  return { secret, session: next({ secret }) }
}
