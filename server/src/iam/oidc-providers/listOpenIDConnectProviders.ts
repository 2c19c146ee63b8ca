import { entityArn } from '../arn-rules.ts'
import { listEntities } from '../entity-store.ts'
import { entityQuotas } from '../limits.ts'
import { operation } from '../operation.ts'

/** The list has no pages. */
export const listOpenIDConnectProviders = operation('ListOpenIDConnectProviders', async ({ db, config }) => {
  const range = { pathPrefix: '', after: undefined, limit: entityQuotas['oidc-provider'].max }
  const providers = await listEntities(db, 'oidc-provider', range)
  return { OpenIDConnectProviderList: providers.map((provider) => ({ Arn: entityArn(config.accountId, provider) })) }
})
