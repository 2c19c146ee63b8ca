// A test suite of a trigger's function, which the server calls in this process: what magic-link-trigger.mjs refuses. Nothing
// has to be started before. npx vitest run examples/magic-link.test.mjs
import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { start } from 'cognomen'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { handler } from './magic-link-trigger.mjs'

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:magic-link'
const triggers = ['DefineAuthChallenge', 'CreateAuthChallenge', 'VerifyAuthChallengeResponse']
const printed = vi.spyOn(console, 'log')

let server
let cognito
let ClientId
let ahead = 0

beforeAll(async () => {
  server = await start({ triggers: { [arn]: handler }, effects: { clock: { now: () => Date.now() + ahead } } })
  const { url: endpoint, region, credentials } = server
  cognito = new CognitoIdentityProviderClient({ endpoint, region, credentials })
  const LambdaConfig = Object.fromEntries(triggers.map((trigger) => [trigger, arn]))
  const { UserPool } = await cognito.send(new CreateUserPoolCommand({ PoolName: 'tests', LambdaConfig }))
  const app = { ClientName: 'app', ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'], PreventUserExistenceErrors: 'ENABLED' }
  const made = await cognito.send(new CreateUserPoolClientCommand({ UserPoolId: UserPool.Id, ...app }))
  ClientId = made.UserPoolClient.ClientId
  for (const [Username, email_verified] of [
    ['ada', 'true'],
    ['eve', 'false'],
  ]) {
    const attributes = Object.entries({ email: `${Username}@example.com`, email_verified })
    const UserAttributes = attributes.map(([Name, Value]) => ({ Name, Value }))
    const user = { UserPoolId: UserPool.Id, Username, UserAttributes, MessageAction: 'SUPPRESS' }
    await cognito.send(new AdminCreateUserCommand(user))
  }
})
beforeEach(() => printed.mockReset())
afterAll(async () => {
  printed.mockRestore()
  cognito.destroy()
  await server.stop()
})

const begin = (USERNAME) =>
  cognito.send(new InitiateAuthCommand({ AuthFlow: 'CUSTOM_AUTH', ClientId, AuthParameters: { USERNAME } }))
const answer = (Session, ANSWER) =>
  cognito.send(
    new RespondToAuthChallengeCommand({
      ClientId,
      ChallengeName: 'CUSTOM_CHALLENGE',
      ChallengeResponses: { USERNAME: 'ada', ANSWER },
      Session,
    }),
  )
const tokenSent = () => new URL(printed.mock.lastCall[0].split(': ')[1]).hash.slice(1)

test('a link signs in once', async () => {
  const { Session } = await begin('ada')
  const token = tokenSent()
  expect((await answer(Session, token)).AuthenticationResult.AccessToken).toBeDefined()
  await expect(answer(Session, token)).rejects.toThrow('Invalid session for the user')
})

test('the link of another sign-in does not, and ends this one', async () => {
  await begin('ada')
  const other = tokenSent()
  const { Session } = await begin('ada')
  await expect(answer(Session, other)).rejects.toThrow('Incorrect username or password.')
  await expect(answer(Session, tokenSent())).rejects.toThrow('Invalid session for the user')
})

test('nor does one that is three minutes old', async () => {
  const { Session } = await begin('ada')
  ahead += 3 * 60 * 1000
  await expect(answer(Session, tokenSent())).rejects.toThrow('Invalid session for the user')
})

test('nobody else gets a link: a name that is not here, and an address that is not verified', async () => {
  const challenges = [await begin('nobody'), await begin('eve'), await begin('ada')]
  for (const { ChallengeName } of challenges) expect(ChallengeName).toBe('CUSTOM_CHALLENGE')
  expect(printed).toHaveBeenCalledTimes(1)
  expect(printed.mock.lastCall[0]).toContain('ada@example.com')
})
