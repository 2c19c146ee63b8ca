// For the examples that sign people in on the pages of a user pool: the pool, its user ada, and an app client.
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'

export const [username, password] = ['ada', 'Correct-horse-1']

/** `issuer` is all that an OpenID Connect library needs to be told of the pool. */
export async function makePool({ CallbackURLs, LogoutURLs, GenerateSecret = false }) {
  const admin = new CognitoIdentityProviderClient()
  const { UserPool } = await admin.send(new CreateUserPoolCommand({ PoolName: 'example' }))
  const UserPoolId = UserPool.Id
  const { UserPoolClient } = await admin.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'app',
      GenerateSecret,
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email', 'profile'],
      SupportedIdentityProviders: ['COGNITO'],
      CallbackURLs,
      LogoutURLs,
    }),
  )
  const UserAttributes = [
    { Name: 'email', Value: 'ada@example.com' },
    { Name: 'email_verified', Value: 'true' },
    { Name: 'name', Value: 'Ada Lovelace' },
  ]
  const user = { UserPoolId, Username: username }
  await admin.send(new AdminCreateUserCommand({ ...user, UserAttributes, MessageAction: 'SUPPRESS' }))
  await admin.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }))
  admin.destroy()
  const issuer = `${process.env.AWS_ENDPOINT_URL}/${UserPoolId}`
  return { issuer, clientId: UserPoolClient.ClientId, clientSecret: UserPoolClient.ClientSecret }
}
