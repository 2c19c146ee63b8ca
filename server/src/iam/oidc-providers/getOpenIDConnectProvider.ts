import { requireEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'

/** The URL is returned without its scheme. */
export const getOpenIDConnectProvider = operation('GetOpenIDConnectProvider', async (context, { input }) => {
  const reference = providerByArn(context, 'oidc-provider', input.OpenIDConnectProviderArn)
  const { settings, createdAt } = await requireEntity(context.db, reference)
  return {
    Url: settings.url,
    ClientIDList: settings.clientIds,
    ThumbprintList: settings.thumbprints,
    CreateDate: new Date(createdAt),
    Tags: settings.tags,
  }
})
