// Sign-in by a link in an e-mail, with magic-link-trigger.mjs: start the server with TRIGGERS_FILE=examples/triggers.json,
// which prints the link unless the function has an SMTP_URL there. Then: node examples/magic-link.mjs
import { createInterface } from 'node:readline/promises'
import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'

const client = new CognitoIdentityProviderClient()
const [USERNAME, email] = ['ada', 'ada@example.com']
const magicLink = 'arn:aws:lambda:us-east-1:000000000000:function:magic-link'
const triggers = ['DefineAuthChallenge', 'CreateAuthChallenge', 'VerifyAuthChallengeResponse']

const { UserPool } = await client.send(
  new CreateUserPoolCommand({
    PoolName: 'magic links',
    LambdaConfig: Object.fromEntries(triggers.map((trigger) => [trigger, magicLink])),
  }),
)
const { UserPoolClient } = await client.send(
  new CreateUserPoolClientCommand({
    UserPoolId: UserPool.Id,
    ClientName: 'app',
    ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    PreventUserExistenceErrors: 'ENABLED',
  }),
)
const { ClientId } = UserPoolClient
await client.send(
  new AdminCreateUserCommand({
    UserPoolId: UserPool.Id,
    Username: USERNAME,
    MessageAction: 'SUPPRESS',
    UserAttributes: Object.entries({ email, email_verified: 'true' }).map(([Name, Value]) => ({ Name, Value })),
  }),
)

// From here on, the page of an app. It keeps the Session, in sessionStorage for example, until the link opens it again.
const { Session } = await client.send(
  new InitiateAuthCommand({ AuthFlow: 'CUSTOM_AUTH', ClientId, AuthParameters: { USERNAME } }),
)
const terminal = createInterface({ input: process.stdin, output: process.stdout })
const link = await terminal.question(`A link was sent to ${email}. Paste it here: `)
terminal.close()
const { AuthenticationResult } = await client.send(
  new RespondToAuthChallengeCommand({
    ClientId,
    ChallengeName: 'CUSTOM_CHALLENGE',
    ChallengeResponses: { USERNAME, ANSWER: new URL(link.trim()).hash.slice(1) },
    Session,
  }),
)
const { Username } = await client.send(new GetUserCommand({ AccessToken: AuthenticationResult.AccessToken }))
console.log(`\nSigned in as ${Username}.`)
