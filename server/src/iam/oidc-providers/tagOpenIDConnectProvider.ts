import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'
import { tagEntity } from '../tags.ts'

/** Adds tags; a tag replaces one with the same key. */
export const tagOpenIDConnectProvider = operation('TagOpenIDConnectProvider', async (context, { input }) => {
  await tagEntity(context, providerByArn(context, 'oidc-provider', input.OpenIDConnectProviderArn), input.Tags)
})
