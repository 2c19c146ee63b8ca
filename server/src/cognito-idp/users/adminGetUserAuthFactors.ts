import { operation } from '../operation.ts'
import { authFactors } from './auth-factors.ts'
import { requireUser } from './require-user.ts'

/** AdminGetUserAuthFactors: the factors that a user can sign in with (docs/reference/user-pools.md 7.6). */
export const adminGetUserAuthFactors = operation('AdminGetUserAuthFactors', async (context, { input, pool }) =>
  authFactors(await requireUser(context, pool, input.Username)),
)
