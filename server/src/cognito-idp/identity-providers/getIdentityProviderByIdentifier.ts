import { operation } from '../operation.ts'
import { providerOfIdentifier } from './provider-store.ts'
import { identityProviderType } from './provider-type.ts'
import { noSuchProviderError, requireProvider } from './require-provider.ts'

/** GetIdentityProviderByIdentifier: by one of its IdpIdentifiers (docs/reference/user-pools.md 17.1). */
export const getIdentityProviderByIdentifier = operation(
  'GetIdentityProviderByIdentifier',
  async (context, { input, pool }) => {
    const name = await providerOfIdentifier(context.db, pool.id, input.IdpIdentifier)
    if (name === undefined) throw noSuchProviderError(input.IdpIdentifier)
    return { IdentityProvider: identityProviderType(await requireProvider(context, pool.id, name)) }
  },
)
