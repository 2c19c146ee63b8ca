// A user of another directory signs in with the password from there, and is here from then on. Start the server with
// TRIGGERS_FILE=examples/triggers.json, so that it finds user-migration-trigger.mjs. Then: node examples/user-migration.mjs
import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'

const client = new CognitoIdentityProviderClient()
const { UserPool } = await client.send(
  new CreateUserPoolCommand({
    PoolName: 'migration',
    LambdaConfig: { UserMigration: 'arn:aws:lambda:us-east-1:000000000000:function:user-migration' },
  }),
)
// The function needs the password itself: SRP would not give it away. Change to SRP when all have come.
const { UserPoolClient } = await client.send(
  new CreateUserPoolClientCommand({
    UserPoolId: UserPool.Id,
    ClientName: 'app',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    PreventUserExistenceErrors: 'ENABLED',
  }),
)
const signIn = (USERNAME, PASSWORD) =>
  client.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: UserPoolClient.ClientId,
      AuthParameters: { USERNAME, PASSWORD },
    }),
  )

await signIn('grace', 'a guess').catch(({ message }) => console.log(`grace, a guess: ${message}`))
await signIn('grace', 'Nanosecond-1')
const { UserStatus, UserAttributes } = await client.send(
  new AdminGetUserCommand({ UserPoolId: UserPool.Id, Username: 'grace' }),
)
const attributes = Object.fromEntries(UserAttributes.map(({ Name, Value }) => [Name, Value]))
console.log(`grace has come over, ${UserStatus}:`, attributes)
await signIn('grace', 'Nanosecond-1')
console.log('grace signed in again, without the old directory.')
