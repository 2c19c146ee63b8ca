import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'
import { listTags } from '../tags.ts'

export const listSAMLProviderTags = operation('ListSAMLProviderTags', async (context, { input }) => {
  return listTags(
    context,
    'ListSAMLProviderTags',
    providerByArn(context, 'saml-provider', input.SAMLProviderArn),
    input,
  )
})
