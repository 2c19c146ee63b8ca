// What RevokeUserSession and AdminRevokeUserSession share (docs/reference/user-pools.md 12.8,
// docs/reference/oauth-and-federation.md 14).
import type { Context } from '../../context.ts'
import type { RevokeAssociatedSessionsType } from '../../contract/cognito-idp.types.ts'
import { withRetries } from '../../database/compare-and-set.ts'
import { signedOut } from '../../events.ts'
import { fail } from '../../operation.ts'
import { enforce } from '../../refusal-rules.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { trackingRefusal } from './session-config-rules.ts'
import { isLive, withAssociated } from './session-rules.ts'
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
  /** LINKED: what belongs to the same single sign-on ends with it. */
  associated: RevokeAssociatedSessionsType | undefined
}

/**
 * Ends a live session with all of its tokens. Throws ResourceNotFoundException when the user has none of this id, and
 * InvalidParameterException for the caller's own, and in a pool that does not track sessions.
 */
export async function revokeSession(context: Context, revocation: Revocation): Promise<void> {
  const { pool, sub, sessionId, current, by, associated } = revocation
  enforce(fail, trackingRefusal(pool.settings))
  await withRetries(() =>
    context.database.transaction(async (db) => {
      const now = context.clock.now()
      const all = await findSessions(db, pool.id, sub)
      const session = all.find(({ originJti }) => originJti === sessionId)
      if (!session || !isLive(session, now)) throw fail('ResourceNotFoundException', 'Session not found.')
      if (session.eventId === current) throw fail('InvalidParameterException', OWN_SESSION)
      for (const ended of withAssociated(session, all, associated)) await endSession(context, pool, db, ended)
    }),
  )
  signedOut(context, { pool: pool.id, sub, from: 'one sign-in', by })
}
