// GetUserAuthFactors: the factors that a user can sign in with (docs/reference/user-pools.md 7.6). It runs no statement, as
// verifying the access token has read the user.
import { operation } from '../operation.ts'
import { authFactors } from '../users/auth-factors.ts'

export const getUserAuthFactors = operation('GetUserAuthFactors', async (_context, { caller }) =>
  authFactors(caller.user),
)
