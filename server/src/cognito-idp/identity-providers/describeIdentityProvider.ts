import { operation } from '../operation.ts'
import { identityProviderType } from './provider-type.ts'
import { requireProvider } from './require-provider.ts'

/** DescribeIdentityProvider, with the client secret (docs/reference/oauth-and-federation.md 20). */
export const describeIdentityProvider = operation('DescribeIdentityProvider', async (context, { input, pool }) => ({
  IdentityProvider: identityProviderType(await requireProvider(context, pool.id, input.ProviderName)),
}))
