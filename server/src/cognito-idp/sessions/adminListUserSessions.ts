import { operation } from '../operation.ts'
import { requireUser } from '../users/require-user.ts'
import { listSessions } from './list-sessions.ts'

/** AdminListUserSessions: the live sessions of a user (docs/reference/user-pools.md 12.8). */
export const adminListUserSessions = operation('AdminListUserSessions', async (context, { input, pool }) => {
  const { sub } = await requireUser(context, pool, input.Username)
  return { Sessions: await listSessions(context, { pool, sub, token: input.NextToken }) }
})
