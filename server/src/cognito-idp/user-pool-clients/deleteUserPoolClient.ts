import { operation } from '../operation.ts'
import { deleteClient } from './client-store.ts'

export const deleteUserPoolClient = operation('DeleteUserPoolClient', async (context, { input, fail }) => {
  const deleted = await deleteClient(context.db, input.ClientId)
  context.userPools.forget(input.ClientId)
  if (!deleted) throw fail('ResourceNotFoundException', `User pool client ${input.ClientId} does not exist.`)
})
