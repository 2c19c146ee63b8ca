import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { noSuchServerError } from './no-such-server.ts'
import { managedRefusal } from './resource-server-rules.ts'
import { deleteResourceServer as deleteStoredServer } from './resource-server-store.ts'

/** DeleteResourceServer: clients keep its scopes, which are inactive then (docs/reference/user-pools.md 18.2). */
export const deleteResourceServer = operation('DeleteResourceServer', async (context, { input, pool, fail }) => {
  enforce(fail, managedRefusal(pool, input.Identifier))
  const deleted = await deleteStoredServer(context.db, pool.id, input.Identifier)
  context.userPools.forget(pool.id)
  if (!deleted) throw noSuchServerError(input.Identifier)
})
