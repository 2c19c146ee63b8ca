import { pageOf, pageSize, positionOf } from '../../pagination.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { resourceServerType } from './resource-server-rules.ts'
import { listResourceServers as listStoredServers } from './resource-server-store.ts'

/** ListResourceServers, in the order of identifiers. */
export const listResourceServers = operation('ListResourceServers', async (context, { input, pool }) => {
  const scope = { operation: 'ListResourceServers', request: [pool.id] }
  const size = pageSize(input.MaxResults, limits.resourceServersPage.max)
  const [after = ''] = positionOf(context, scope, input.NextToken) ?? []
  const servers = await listStoredServers(context.db, pool.id, after, size + 1)
  const page = pageOf(context, scope, servers, size, ({ identifier }) => [identifier])
  return { ResourceServers: page.entries.map(resourceServerType), NextToken: page.token }
})
