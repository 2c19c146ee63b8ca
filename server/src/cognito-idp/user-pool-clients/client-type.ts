// A stored app client as answers show it. Pure. docs/reference/user-pools.md 6.1, 6.4.
import type {
  ClientSecretDescriptorType,
  UserPoolClientDescription,
  UserPoolClientType,
} from '../../contract/cognito-idp.types.ts'
import type { ClientSecret, UserPoolClient } from './client-store.ts'

/** What CreateUserPoolClient, DescribeUserPoolClient and UpdateUserPoolClient answer with. */
export const userPoolClientType = (client: UserPoolClient): UserPoolClientType => ({
  ...client.settings,
  UserPoolId: client.userPoolId,
  ClientId: client.clientId,
  // The oldest of the active ones: a rotation shows the new one only when the old one is gone.
  ClientSecret: client.secrets[0]?.value,
  LastModifiedDate: new Date(client.updatedAt),
  CreationDate: new Date(client.createdAt),
})

/** What ListUserPoolClients shows of a client. */
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
