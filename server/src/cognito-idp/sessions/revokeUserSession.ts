import { operation } from '../operation.ts'
import { revokeSession } from './revoke-session.ts'

/** RevokeUserSession: ends another session of the user (docs/reference/user-pools.md 12.8). */
export const revokeUserSession = operation('RevokeUserSession', async (context, { input, caller, pool }) => {
  const current = caller.claims.event_id
  await revokeSession(context, {
    pool,
    sub: caller.user.sub,
    sessionId: input.SessionId,
    by: 'user',
    associated: input.RevokeAssociatedSessions,
    current,
  })
  return {}
})
