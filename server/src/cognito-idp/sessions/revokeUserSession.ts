import { operation } from '../operation.ts'
import { revokeSession } from './revoke-session.ts'

/** RevokeUserSession: ends another session of the user (docs/reference/user-pools.md 12.8). */
export const revokeUserSession = operation('RevokeUserSession', async (context, { input, caller, pool, fail }) => {
  if (input.SessionId === caller.claims.origin_jti)
    throw fail('InvalidParameterException', 'The current session cannot be revoked: use RevokeToken or GlobalSignOut.')
  await revokeSession(context, { pool, sub: caller.user.sub, sessionId: input.SessionId, by: 'user' })
  return {}
})
