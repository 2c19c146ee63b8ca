import { entityArn } from '../arn-rules.ts'
import { listEntities } from '../entity-store.ts'
import { operation } from '../operation.ts'
import { entityQuotas } from '../quotas.ts'

/** The list has no pages. */
export const listOpenIDConnectProviders = operation('ListOpenIDConnectProviders', async ({ db, config }) => {
  const range = { pathPrefix: '', after: undefined, limit: entityQuotas['oidc-provider'].most }
  const providers = await listEntities(db, 'oidc-provider', range)
  return { OpenIDConnectProviderList: providers.map((provider) => ({ Arn: entityArn(config.accountId, provider) })) }
})
