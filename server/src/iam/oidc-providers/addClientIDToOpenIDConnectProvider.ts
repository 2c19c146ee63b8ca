import { changeEntity } from '../entity-changes.ts'
import { quotaExceededError } from '../iam-errors.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'

/** Adding a client id again changes nothing. */
export const addClientIDToOpenIDConnectProvider = operation(
  'AddClientIDToOpenIDConnectProvider',
  async (context, { input: { OpenIDConnectProviderArn, ClientID } }) => {
    const reference = providerByArn(context, 'oidc-provider', OpenIDConnectProviderArn)
    await changeEntity(context, reference, ({ settings }) => {
      if (settings.clientIds.includes(ClientID)) return settings
      if (settings.clientIds.length >= limits.clientIdsPerProvider.max)
        throw quotaExceededError(limits.clientIdsPerProvider)
      return { ...settings, clientIds: [...settings.clientIds, ClientID] }
    })
  },
)
