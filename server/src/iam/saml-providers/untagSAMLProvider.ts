import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'
import { untagEntity } from '../tags.ts'

/** Keys that are not there are passed over. */
export const untagSAMLProvider = operation('UntagSAMLProvider', async (context, { input }) => {
  await untagEntity(context, providerByArn(context, 'saml-provider', input.SAMLProviderArn), input.TagKeys)
})
