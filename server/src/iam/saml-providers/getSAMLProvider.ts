import { requireEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'
import { samlProviderType } from './saml-provider-type.ts'

export const getSAMLProvider = operation('GetSAMLProvider', async (context, { input }) =>
  samlProviderType(await requireEntity(context.db, providerByArn(context, 'saml-provider', input.SAMLProviderArn))),
)
