import { operation } from '../operation.ts'
import { signOutEverywhere } from '../sessions/sign-out-everywhere.ts'

/** GlobalSignOut: ends every token of the user on every client (docs/reference/user-pools.md 12.6). */
export const globalSignOut = operation('GlobalSignOut', async (context, { caller, pool }) => {
  await signOutEverywhere(context, pool, caller.user, 'user')
  return {}
})
