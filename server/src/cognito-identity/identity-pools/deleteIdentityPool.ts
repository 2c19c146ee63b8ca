// Deletes an identity pool at once; a job removes its identities (identities/pool-removal.ts).
import { operation } from '../operation.ts'
import { deleteIdentityPool as deletePool } from './pool-store.ts'

export const deleteIdentityPool = operation('DeleteIdentityPool', async (context, { input }) => {
  const id = input.IdentityPoolId
  await context.database.transaction((db) => deletePool(db, id, context.clock.now()))
  context.identityPools.forget(id)
  context.datasetUsage.forget(id)
})
