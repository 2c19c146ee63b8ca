import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'
import { listTags } from '../tags.ts'

export const listOpenIDConnectProviderTags = operation('ListOpenIDConnectProviderTags', async (context, { input }) => {
  return listTags(
    context,
    'ListOpenIDConnectProviderTags',
    providerByArn(context, 'oidc-provider', input.OpenIDConnectProviderArn),
    input,
  )
})
