import { signedOut } from '../../events.ts'
import { operation } from '../operation.ts'
import { forgetSessions } from '../sessions/track-session.ts'
import { changeUser } from '../users/change-user.ts'

/** GlobalSignOut: ends every token of the user on every client (docs/reference/user-pools.md 12.6). */
export const globalSignOut = operation('GlobalSignOut', async (context, { caller, pool }) => {
  await changeUser(context, pool, caller.user, (user) => ({
    user: { ...user, tokenGeneration: user.tokenGeneration + 1 },
    after: forgetSessions(pool, user.sub),
  }))
  signedOut(context, { pool: pool.id, sub: caller.user.sub, from: 'everywhere', by: 'user' })
  return {}
})
