// A server inside of a test suite: a free port, a database in memory, a clock that the test moves. Nothing has to be
// started before, and nothing is left behind. npx vitest run examples/in-process.test.mjs
import {
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  GetUserCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { start } from 'cognomen'
import { afterAll, beforeAll, expect, test } from 'vitest'

let server
let cognito
let ClientId
let ahead = 0

beforeAll(async () => {
  server = await start({ effects: { clock: { now: () => Date.now() + ahead } } })
  const { url: endpoint, region, credentials } = server
  cognito = new CognitoIdentityProviderClient({ endpoint, region, credentials })
  const { UserPool } = await cognito.send(
    new CreateUserPoolCommand({ PoolName: 'tests', AutoVerifiedAttributes: ['email'] }),
  )
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId: UserPool.Id,
      ClientName: 'app',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  )
  ClientId = UserPoolClient.ClientId
})

afterAll(async () => {
  cognito.destroy()
  await server.stop()
})

test('a user signs up with the code from the mail, and is signed out after an hour', async () => {
  const user = { ClientId, Username: 'ada' }
  await cognito.send(
    new SignUpCommand({
      ...user,
      Password: 'Correct-horse-1',
      UserAttributes: [{ Name: 'email', Value: 'ada@example.com' }],
    }),
  )
  const ConfirmationCode = await server.outbox.latestCode('ada@example.com')
  await cognito.send(new ConfirmSignUpCommand({ ...user, ConfirmationCode }))

  const { AuthenticationResult } = await cognito.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId,
      AuthParameters: { USERNAME: 'ada', PASSWORD: 'Correct-horse-1' },
    }),
  )
  const getUser = new GetUserCommand({ AccessToken: AuthenticationResult.AccessToken })
  expect((await cognito.send(getUser)).Username).toBe('ada')

  ahead = 61 * 60 * 1000
  await expect(cognito.send(getUser)).rejects.toThrow('Access Token has expired')
})
