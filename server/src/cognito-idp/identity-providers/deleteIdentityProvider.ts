import { Stale, withRetries } from '../../database/compare-and-set.ts'
import { operation } from '../operation.ts'
import { deleteProvider } from './provider-store.ts'
import { requireProvider } from './require-provider.ts'
import { writeIdentifiers } from './write-identifiers.ts'

/**
 * DeleteIdentityProvider: its users stay, and clients keep its name, which their next update has to leave out
 * (docs/reference/user-pools.md 17.1).
 */
export const deleteIdentityProvider = operation('DeleteIdentityProvider', async (context, { input, pool }) => {
  await withRetries(async () => {
    const provider = await requireProvider(context, pool.id, input.ProviderName)
    await context.database.transaction(async (db) => {
      if (!(await deleteProvider(db, provider))) throw new Stale()
      await writeIdentifiers(db, { ...provider, identifiers: [] }, provider.identifiers)
    })
  })
  context.userPools.forgetProvider(pool.id, input.ProviderName)
})
