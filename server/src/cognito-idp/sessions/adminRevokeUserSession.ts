import { operation } from '../operation.ts'
import { requireUser } from '../users/require-user.ts'
import { revokeSession } from './revoke-session.ts'

/** AdminRevokeUserSession: ends a session of a user (docs/reference/user-pools.md 12.8). */
export const adminRevokeUserSession = operation('AdminRevokeUserSession', async (context, { input, pool }) => {
  const { sub } = await requireUser(context, pool, input.Username)
  await revokeSession(context, {
    pool,
    sub,
    sessionId: input.SessionId,
    by: 'administrator',
    associated: input.RevokeAssociatedSessions,
  })
  return {}
})
