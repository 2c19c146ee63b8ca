// The session of a browser ends: it is revoked like a sign-in (oauth/browser-session.ts), and the applications that the user has
// signed in to with it are told.
import type { Context } from '../../context.ts'
import { revokeSignIn, type SignInKey } from '../tokens/revocation-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { logoutNotices } from './logout-notices.ts'

/** `key.originJti`: the id of the session. `expiresAt`: when it expires by itself. */
export async function endBrowserSignIn(
  context: Pick<Context, 'db' | 'database' | 'clock'>,
  pool: UserPool,
  key: SignInKey,
  expiresAt: number,
): Promise<void> {
  const { sub, originJti } = key
  const tell = logoutNotices(context, { pool, sub, ends: ({ sessionId }) => sessionId === originJti })
  if (!tell) return revokeSignIn(context.db, key, expiresAt)
  await context.database.transaction(async (db) => {
    await revokeSignIn(db, key, expiresAt)
    await tell(db)
  })
}
