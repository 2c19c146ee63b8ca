import type { ResourceServerType } from '../../contract/cognito-idp.types.ts'
import { pageOf, pageSize, positionOf } from '../../pagination.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { managedServers, resourceServerType } from './resource-server-rules.ts'
import { listResourceServers as listStoredServers } from './resource-server-store.ts'

/** ListResourceServers, in the order of identifiers. */
export const listResourceServers = operation('ListResourceServers', async (context, { input, pool }) => {
  const scope = { operation: 'ListResourceServers', request: [pool.id] }
  const size = pageSize(input.MaxResults, limits.resourceServersPage.max)
  const [after = ''] = positionOf(context, scope, input.NextToken) ?? []
  const stored = await listStoredServers(context.db, pool.id, after, size + 1)
  const managed = managedServers(pool).filter(({ Identifier = '' }) => Identifier > after)
  const servers = [...stored.map(resourceServerType), ...managed].sort(byIdentifier)
  const page = pageOf(context, scope, servers.slice(0, size + 1), size, ({ Identifier = '' }) => [Identifier])
  return { ResourceServers: page.entries, NextToken: page.token }
})

const byIdentifier = (one: ResourceServerType, other: ResourceServerType): number =>
  (one.Identifier ?? '') < (other.Identifier ?? '') ? -1 : 1
