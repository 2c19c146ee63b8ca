// What RevokeUserSession and AdminRevokeUserSession share (docs/reference/user-pools.md 12.8). RevokeAssociatedSessions
// adds nothing: sessions of single sign-on, which would be associated, are not here yet.
import type { Context } from '../../context.ts'
import { withRetries } from '../../database/compare-and-set.ts'
import { signedOut } from '../../events.ts'
import { fail } from '../../operation.ts'
import { enforce } from '../../refusal-rules.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { trackingRefusal } from './session-config-rules.ts'
import { isLive } from './session-rules.ts'
import { endSession } from './track-session.ts'
import { findSessions } from './user-session-store.ts'

const OWN_SESSION = 'The current session cannot be revoked: use RevokeToken or GlobalSignOut.'

interface Revocation {
  pool: UserPool
  sub: string
  sessionId: string
  /** Claim event_id of the caller's own token, whose session stays. */
  current?: string
  by: 'user' | 'administrator'
}

/**
 * Ends a live session with all of its tokens. Throws ResourceNotFoundException when the user has none of this id, and
 * InvalidParameterException for the caller's own, and in a pool that does not track sessions.
 */
export async function revokeSession(context: Context, revocation: Revocation): Promise<void> {
  const { pool, sub, sessionId, current, by } = revocation
  enforce(fail, trackingRefusal(pool.settings))
  await withRetries(() =>
    context.database.transaction(async (db) => {
      const now = context.clock.now()
      const session = (await findSessions(db, pool.id, sub)).find(({ originJti }) => originJti === sessionId)
      if (!session || !isLive(session, now)) throw fail('ResourceNotFoundException', 'Session not found.')
      if (session.eventId === current) throw fail('InvalidParameterException', OWN_SESSION)
      await endSession(db, session)
    }),
  )
  signedOut(context, { pool: pool.id, sub, from: 'one sign-in', by })
}
