import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { noSuchServerError } from './no-such-server.ts'
import { managedRefusal, resourceServerOf, resourceServerType, scopesRefusal } from './resource-server-rules.ts'
import { replaceResourceServer } from './resource-server-store.ts'

/**
 * UpdateResourceServer: replaces name and scopes; without Scopes there are none (docs/reference/user-pools.md 18.2). Of
 * two updates at once the later one counts.
 */
export const updateResourceServer = operation('UpdateResourceServer', async (context, { input, pool, fail }) => {
  enforce(fail, managedRefusal(pool, input.Identifier))
  enforce(fail, scopesRefusal(input.Scopes))
  const server = resourceServerOf({ ...input, UserPoolId: pool.id })
  const written = await replaceResourceServer(context.db, server)
  context.userPools.forget(pool.id)
  if (!written) throw noSuchServerError(input.Identifier)
  return { ResourceServer: resourceServerType(server) }
})
