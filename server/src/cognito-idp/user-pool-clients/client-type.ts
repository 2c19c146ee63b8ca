// A stored app client in the API's form. Pure. docs/reference/user-pools.md 6.1, 6.4.
import type {
  ClientSecretDescriptorType,
  UserPoolClientDescription,
  UserPoolClientType,
} from '../../contract/cognito-idp.types.ts'
import type { ClientSecret, UserPoolClient } from './client-store.ts'

/** UserPoolClientType of CreateUserPoolClient, DescribeUserPoolClient and UpdateUserPoolClient. */
export const userPoolClientType = (client: UserPoolClient): UserPoolClientType => {
  const { SSOSession, RiskConfiguration, BackchannelLogoutUri, ...settings } = client.settings
  return {
    ...settings,
    UserPoolId: client.userPoolId,
    ClientId: client.clientId,
    // The oldest active secret: during a rotation of secrets, the new one is shown once the old one is deleted.
    ClientSecret: client.secrets[0]?.value,
    LastModifiedDate: new Date(client.updatedAt),
    CreationDate: new Date(client.createdAt),
  }
}

/** An entry of ListUserPoolClients. */
export const userPoolClientDescription = (client: UserPoolClient): UserPoolClientDescription => ({
  ClientId: client.clientId,
  UserPoolId: client.userPoolId,
  ClientName: client.settings.ClientName,
})

/** A secret without its value. */
export const clientSecretDescriptor = (secret: ClientSecret): ClientSecretDescriptorType => ({
  ClientSecretId: secret.id,
  ClientSecretCreateDate: new Date(secret.createdAt),
})
