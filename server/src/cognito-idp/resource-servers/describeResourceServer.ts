import { operation } from '../operation.ts'
import { noSuchServerError } from './no-such-server.ts'
import { managedServers, resourceServerType } from './resource-server-rules.ts'
import { findResourceServer } from './resource-server-store.ts'

/** DescribeResourceServer (docs/reference/oauth-and-federation.md 10.1). */
export const describeResourceServer = operation('DescribeResourceServer', async (context, { input, pool }) => {
  const managed = managedServers(pool).find(({ Identifier }) => Identifier === input.Identifier)
  if (managed) return { ResourceServer: managed }
  const server = await findResourceServer(context.db, pool.id, input.Identifier)
  if (!server) throw noSuchServerError(input.Identifier)
  return { ResourceServer: resourceServerType(server) }
})
