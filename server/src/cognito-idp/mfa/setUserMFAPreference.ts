import { operation } from '../operation.ts'
import { changeFactors } from './change-factors.ts'
import { withPreferences } from './preference-rules.ts'

/** SetUserMFAPreference: the user turns second factors on and off, and prefers one (docs/reference/user-pools.md 9.9). */
export const setUserMFAPreference = operation('SetUserMFAPreference', async (context, { input, caller, pool }) => {
  await changeFactors(context, pool, caller.user, 'user', (user) => withPreferences(pool.settings, user, input))
  return {}
})
