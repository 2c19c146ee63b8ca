import { operation } from '../operation.ts'
import { changeFactors } from './change-factors.ts'
import { withMfaOptions } from './preference-rules.ts'

/** SetUserSettings: the older way to turn SMS on and off as second factor (docs/reference/user-pools.md 7.8). */
export const setUserSettings = operation('SetUserSettings', async (context, { input, caller, pool }) => {
  await changeFactors(context, pool, caller.user, 'user', (user) =>
    withMfaOptions(pool.settings, user, input.MFAOptions),
  )
  return {}
})
