import { operation } from '../operation.ts'
import { seenBy } from '../replicas/place-rules.ts'
import { readPool } from '../user-pools/read-pool.ts'
import { mfaConfigType } from './pool-mfa-rules.ts'

/** GetUserPoolMfaConfig (docs/reference/user-pools.md 5.6). */
export const getUserPoolMfaConfig = operation('GetUserPoolMfaConfig', async (context, { input, caller }) =>
  mfaConfigType(seenBy(await readPool(context, input.UserPoolId), caller).settings),
)
