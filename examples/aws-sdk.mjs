// The AWS SDK against Cognomen: a user pool, an app client, a user, a sign-in.
// The SDK takes address, region and key from AWS_ENDPOINT_URL, AWS_REGION and AWS_SHARED_CREDENTIALS_FILE: paste the
// line that the server prints at its start. Then: node examples/aws-sdk.mjs
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  GetUserCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'

const client = new CognitoIdentityProviderClient()

const { UserPool } = await client.send(
  new CreateUserPoolCommand({ PoolName: 'example', AutoVerifiedAttributes: ['email'] }),
)
const { UserPoolClient } = await client.send(
  new CreateUserPoolClientCommand({
    UserPoolId: UserPool.Id,
    ClientName: 'app',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  }),
)
console.log(`Made the user pool ${UserPool.Id} with the app client ${UserPoolClient.ClientId}.`)

const user = { UserPoolId: UserPool.Id, Username: 'ada' }
await client.send(
  new AdminCreateUserCommand({
    ...user,
    MessageAction: 'SUPPRESS',
    UserAttributes: [{ Name: 'email', Value: 'ada@example.com' }],
  }),
)
await client.send(new AdminSetUserPasswordCommand({ ...user, Password: 'Correct-horse-1', Permanent: true }))

const { AuthenticationResult } = await client.send(
  new InitiateAuthCommand({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: UserPoolClient.ClientId,
    AuthParameters: { USERNAME: 'ada', PASSWORD: 'Correct-horse-1' },
  }),
)
const { Username, UserAttributes } = await client.send(
  new GetUserCommand({ AccessToken: AuthenticationResult.AccessToken }),
)
console.log(`Signed in as ${Username}:`, Object.fromEntries(UserAttributes.map(({ Name, Value }) => [Name, Value])))
