import { operation } from '../operation.ts'
import { requestSource } from '../sessions/request-source.ts'
import { changeOwnPassword } from './change-own-password.ts'

/** ChangePassword: users change their own password; tokens stay valid (docs/reference/user-pools.md 7.2, 8). */
export const changePassword = operation(
  'ChangePassword',
  async (context, { input, caller, pool, client, ...request }) => {
    await changeOwnPassword(context, { pool, client }, caller.user, {
      previous: input.PreviousPassword,
      proposed: input.ProposedPassword,
      source: requestSource(request),
    })
    return {}
  },
)
