import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'
import { untagEntity } from '../tags.ts'

/** Keys that are not there are passed over. */
export const untagOpenIDConnectProvider = operation('UntagOpenIDConnectProvider', async (context, { input }) => {
  await untagEntity(context, providerByArn(context, 'oidc-provider', input.OpenIDConnectProviderArn), input.TagKeys)
})
