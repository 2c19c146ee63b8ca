import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'
import { tagEntity } from '../tags.ts'

/** Adds tags; a tag replaces one with the same key. */
export const tagSAMLProvider = operation('TagSAMLProvider', async (context, { input }) => {
  await tagEntity(context, providerByArn(context, 'saml-provider', input.SAMLProviderArn), input.Tags)
})
