import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'
import { untagEntity } from '../tags.ts'

/** Unknown keys are ignored. */
export const untagOpenIDConnectProvider = operation('UntagOpenIDConnectProvider', async (context, { input }) => {
  await untagEntity(context, providerByArn(context, 'oidc-provider', input.OpenIDConnectProviderArn), input.TagKeys)
})
