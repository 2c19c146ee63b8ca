import { operation } from '../operation.ts'
import { readPool } from '../user-pools/read-pool.ts'
import { mfaConfigType } from './pool-mfa-rules.ts'

/** GetUserPoolMfaConfig (docs/reference/user-pools.md 5.6). */
export const getUserPoolMfaConfig = operation('GetUserPoolMfaConfig', async (context, { input }) =>
  mfaConfigType((await readPool(context, input.UserPoolId)).settings),
)
