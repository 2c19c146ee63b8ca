import { changeEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'

/** An unknown client id changes nothing. */
export const removeClientIDFromOpenIDConnectProvider = operation(
  'RemoveClientIDFromOpenIDConnectProvider',
  async (context, { input: { OpenIDConnectProviderArn, ClientID } }) => {
    const reference = providerByArn(context, 'oidc-provider', OpenIDConnectProviderArn)
    await changeEntity(context, reference, ({ settings }) =>
      settings.clientIds.includes(ClientID)
        ? { ...settings, clientIds: settings.clientIds.filter((id) => id !== ClientID) }
        : settings,
    )
  },
)
