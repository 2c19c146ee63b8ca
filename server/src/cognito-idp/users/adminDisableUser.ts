import { userDisabled } from '../../events.ts'
import { operation } from '../operation.ts'
import { forgetSessions } from '../sessions/track-session.ts'
import { changeNamedUser } from './require-user.ts'

/** AdminDisableUser: ends every token, and refuses sign-in; the status is kept (docs/reference/user-pools.md 7.2). */
export const adminDisableUser = operation('AdminDisableUser', async (context, { input, pool }) => {
  const { sub } = await changeNamedUser(context, pool, input.Username, (user) =>
    user.enabled
      ? {
          user: { ...user, enabled: false, tokenGeneration: user.tokenGeneration + 1 },
          after: forgetSessions(context, pool, user.sub),
        }
      : { user },
  )
  userDisabled(context, { pool: pool.id, sub })
  return {}
})
