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
  // Clients of the type DCR come from dynamic client registration, which is not implemented.
  if (input.ClientType === 'DCR') return { UserPoolClients: [] }
  const size = input.MaxResults ?? limits.clientsPage.max
  const clients = await listClients(context.db, context.sealer, pool.id, position[0] as string, size + 1)
  const page = clients.slice(0, size)
  const last = clients.length > page.length ? page.at(-1) : undefined
  return {
    UserPoolClients: page.map(userPoolClientDescription),
    NextToken: last && sealCursor(context.sealer, scope, [last.clientId], now),
  }
})
