import { operation } from '../operation.ts'
import { readPool } from '../user-pools/read-pool.ts'
import { sessionConfiguration } from './session-config-rules.ts'

/** GetUserPoolSessionConfiguration: what was set, or the defaults (docs/reference/user-pools.md 12.8). */
export const getUserPoolSessionConfiguration = operation(
  'GetUserPoolSessionConfiguration',
  async (context, { input }) => {
    const pool = await readPool(context, input.UserPoolId)
    return { UserPoolId: pool.id, ...sessionConfiguration(pool.settings) }
  },
)
