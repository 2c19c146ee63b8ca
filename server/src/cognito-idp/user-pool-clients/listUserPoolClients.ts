import { type CursorScope, openCursor, sealCursor } from '../../database/cursor.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { listClients } from './client-store.ts'
import { userPoolClientDescription } from './client-type.ts'

export const listUserPoolClients = operation('ListUserPoolClients', async (context, { input, pool, fail }) => {
  const scope: CursorScope = { operation: 'ListUserPoolClients', request: [pool.id, input.ClientType] }
  const now = context.clock.now()
  const position = input.NextToken === undefined ? [''] : openCursor(context.sealer, scope, input.NextToken, now)
  if (!position) throw fail('InvalidParameterException', 'Invalid pagination token')
  const size = input.MaxResults ?? limits.clientsPage.max
  // By type, all that are left are read: a pool has few clients, and the type is within their settings.
  const read = input.ClientType === undefined ? size + 1 : limits.clientsPerPool.max
  const all = await listClients(context.db, context.sealer, pool.id, position[0] as string, read)
  const clients = all.filter(
    ({ settings: { ClientType = 'REGULAR' } }) => ClientType === (input.ClientType ?? ClientType),
  )
  const page = clients.slice(0, size)
  const last = clients.length > page.length ? page.at(-1) : undefined
  return {
    UserPoolClients: page.map(userPoolClientDescription),
    NextToken: last && sealCursor(context.sealer, scope, [last.clientId], now),
  }
})
