// Deletes an identity pool: from the answer on it is gone for every caller, and its identities follow in the background.
import { operation } from '../operation.ts'
import { deleteIdentityPool as deletePool } from './pool-store.ts'

export const deleteIdentityPool = operation('DeleteIdentityPool', async (context, { input }) => {
  const id = input.IdentityPoolId
  await context.database.transaction((db) => deletePool(db, id, context.clock.now()))
  context.identityPools.forget(id)
})
