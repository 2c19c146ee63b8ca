import { operation } from '../operation.ts'
import { requireUser } from '../users/require-user.ts'
import { changeFactors } from './change-factors.ts'
import { withMfaOptions } from './preference-rules.ts'

/** AdminSetUserSettings: SetUserSettings for any user (docs/reference/user-pools.md 7.8). */
export const adminSetUserSettings = operation('AdminSetUserSettings', async (context, { input, pool }) => {
  const known = await requireUser(context, pool, input.Username)
  await changeFactors(context, pool, known, 'administrator', (user) =>
    withMfaOptions(pool.settings, user, input.MFAOptions),
  )
  return {}
})
