import { operation } from '../operation.ts'
import { requireUser } from '../users/require-user.ts'
import { changeFactors } from './change-factors.ts'
import { withPreferences } from './preference-rules.ts'

/** AdminSetUserMFAPreference: SetUserMFAPreference for any user (docs/reference/user-pools.md 9.9). */
export const adminSetUserMFAPreference = operation('AdminSetUserMFAPreference', async (context, { input, pool }) => {
  const known = await requireUser(context, pool, input.Username)
  await changeFactors(context, pool, known, 'administrator', (user) => withPreferences(pool.settings, user, input))
  return {}
})
