import { changeEntity } from '../entity-changes.ts'
import { quotaExceededError } from '../iam-errors.ts'
import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'
import { CLIENT_IDS_PER_PROVIDER } from './oidc-provider-rules.ts'

/** Adding a client id again changes nothing. */
export const addClientIDToOpenIDConnectProvider = operation(
  'AddClientIDToOpenIDConnectProvider',
  async (context, { input: { OpenIDConnectProviderArn, ClientID } }) => {
    const reference = providerByArn(context, 'oidc-provider', OpenIDConnectProviderArn)
    await changeEntity(context, reference, ({ settings }) => {
      if (settings.clientIds.includes(ClientID)) return settings
      if (settings.clientIds.length >= CLIENT_IDS_PER_PROVIDER.most) throw quotaExceededError(CLIENT_IDS_PER_PROVIDER)
      return { ...settings, clientIds: [...settings.clientIds, ClientID] }
    })
  },
)
