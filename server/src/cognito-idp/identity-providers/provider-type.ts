// An identity provider in the API's form. Pure. docs/reference/oauth-and-federation.md 20.
import type { IdentityProviderType, ProviderDescription } from '../../contract/cognito-idp.types.ts'
import { detailRules } from './provider-detail-rules.ts'
import type { IdentityProvider, ProviderSummary } from './provider-store.ts'

/** IdentityProviderType, with the client secret, as the service shows it. */
export const identityProviderType = (provider: IdentityProvider): IdentityProviderType => {
  const { details, mapping, identifiers, acrMapping } = provider
  const { secret, hidden = [] } = detailRules[provider.type]
  const shown = Object.entries(provider.secrets).filter(([key]) => secret.includes(key) && !hidden.includes(key))
  return {
    UserPoolId: provider.userPoolId,
    ProviderName: provider.name,
    ProviderType: provider.type,
    ProviderDetails: {
      ...details,
      ...Object.fromEntries(shown),
      ...(provider.type === 'SAML' && details['MetadataURL'] === undefined && { MetadataFile: provider.document }),
    },
    AttributeMapping: { ...mapping },
    IdpIdentifiers: [...identifiers],
    ...(acrMapping && { AcrMapping: { ...acrMapping } }),
    LastModifiedDate: new Date(provider.updatedAt),
    CreationDate: new Date(provider.createdAt),
  }
}

/** An entry of ListIdentityProviders. */
export const providerDescription = ({ name, type, createdAt, updatedAt }: ProviderSummary): ProviderDescription => ({
  ProviderName: name,
  ProviderType: type,
  LastModifiedDate: new Date(updatedAt),
  CreationDate: new Date(createdAt),
})
