import { operation } from '../operation.ts'
import { listSessions } from './list-sessions.ts'

/** ListUserSessions: the user's own live sessions (docs/reference/user-pools.md 12.8). */
export const listUserSessions = operation('ListUserSessions', async (context, { input, caller, pool }) => ({
  Sessions: await listSessions(context, {
    pool,
    sub: caller.user.sub,
    current: caller.claims.event_id,
    token: input.NextToken,
  }),
}))
