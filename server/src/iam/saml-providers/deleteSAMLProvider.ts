import { removeEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'

/** Roles that trust it are not changed, but cannot be assumed through it any more. */
export const deleteSAMLProvider = operation('DeleteSAMLProvider', async (context, { input }) => {
  await removeEntity(context, providerByArn(context, 'saml-provider', input.SAMLProviderArn))
})
