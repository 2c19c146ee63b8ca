import { pageOf, pageSize, positionOf } from '../../pagination.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { listProviders } from './provider-store.ts'
import { providerDescription } from './provider-type.ts'

/** ListIdentityProviders, in the order of names. */
export const listIdentityProviders = operation('ListIdentityProviders', async (context, { input, pool }) => {
  const scope = { operation: 'ListIdentityProviders', request: [pool.id] }
  // The service has at most 50 on a page, whatever a request asks for: so says the model of its answer.
  const size = Math.min(pageSize(input.MaxResults), limits.providersPage.max)
  const [after = ''] = positionOf(context, scope, input.NextToken) ?? []
  const providers = await listProviders(context.db, pool.id, after, size + 1)
  const page = pageOf(context, scope, providers, size, ({ name }) => [name])
  return { Providers: page.entries.map(providerDescription), NextToken: page.token }
})
