import { operation } from '../operation.ts'
import { removeClient } from './client-removal.ts'

export const deleteUserPoolClient = operation('DeleteUserPoolClient', async (context, { input, fail }) => {
  const { UserPoolId, ClientId } = input
  const deleted = await context.database.transaction((db) => removeClient(db, UserPoolId, ClientId))
  context.userPools.forget(ClientId)
  if (!deleted) throw fail('ResourceNotFoundException', `User pool client ${ClientId} does not exist.`)
})
