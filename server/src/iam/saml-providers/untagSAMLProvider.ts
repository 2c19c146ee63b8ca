import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'
import { untagEntity } from '../tags.ts'

/** Unknown keys are ignored. */
export const untagSAMLProvider = operation('UntagSAMLProvider', async (context, { input }) => {
  await untagEntity(context, providerByArn(context, 'saml-provider', input.SAMLProviderArn), input.TagKeys)
})
