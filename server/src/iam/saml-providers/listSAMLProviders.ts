import { entityArn } from '../arn-rules.ts'
import { listEntities } from '../entity-store.ts'
import { entityQuotas } from '../limits.ts'
import { operation } from '../operation.ts'
import { samlProviderEntry } from './saml-provider-type.ts'

/** The list has no pages. */
export const listSAMLProviders = operation('ListSAMLProviders', async ({ db, config }) => {
  const range = { pathPrefix: '', after: undefined, limit: entityQuotas['saml-provider'].max }
  const providers = await listEntities(db, 'saml-provider', range)
  return {
    SAMLProviderList: providers.map((provider) => samlProviderEntry(entityArn(config.accountId, provider), provider)),
  }
})
