import { userEnabled } from '../../events.ts'
import { operation } from '../operation.ts'
import { changeNamedUser } from './require-user.ts'

/** AdminEnableUser: allows sign-in again; tokens from before stay invalid (docs/reference/user-pools.md 7.2). */
export const adminEnableUser = operation('AdminEnableUser', async (context, { input, pool }) => {
  const { sub } = await changeNamedUser(context, pool, input.Username, (user) => ({
    user: user.enabled ? user : { ...user, enabled: true },
  }))
  userEnabled(context, { pool: pool.id, sub })
  return {}
})
