import { signedOut } from '../../events.ts'
import { operation } from '../operation.ts'
import { forgetSessions } from '../sessions/track-session.ts'
import { changeNamedUser } from './require-user.ts'

/** AdminUserGlobalSignOut: ends every token of the user on every client (docs/reference/user-pools.md 12.6). */
export const adminUserGlobalSignOut = operation('AdminUserGlobalSignOut', async (context, { input, pool }) => {
  const { sub } = await changeNamedUser(context, pool, input.Username, (user) => ({
    user: { ...user, tokenGeneration: user.tokenGeneration + 1 },
    after: forgetSessions(context, pool, user.sub),
  }))
  signedOut(context, { pool: pool.id, sub, from: 'everywhere', by: 'administrator' })
  return {}
})
