import { operation } from '../operation.ts'
import { readClient } from '../user-pool-clients/read-client.ts'
import { ssoSession } from './session-config-rules.ts'

/** GetUserPoolClientSessionConfiguration: what was set, or the default (docs/reference/user-pools.md 12.8). */
export const getUserPoolClientSessionConfiguration = operation(
  'GetUserPoolClientSessionConfiguration',
  async (context, { input: { UserPoolId, ClientId } }) => {
    const client = await readClient(context, UserPoolId, ClientId)
    return { UserPoolId, ClientId, SSOSession: ssoSession(client.settings) }
  },
)
