// The triggers of a sign-in: in which order they are asked and what they are told, in each of the four ways; and what is left
// when one refuses. docs/reference/user-pools.md 13.2, 13.4, 13.5.
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  InitiateAuthCommand,
  type LambdaConfigType,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { WRONG_PASSWORD } from '../../../test/challenges.ts'
import {
  ALL_FLOWS,
  claimsOf,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  useTestServer,
} from '../../../test/harness.ts'
import { arn, useTriggers, type Way, ways } from '../../../test/triggers.ts'

const world = useTriggers()
const server = useTestServer({ env: world.env, triggers: world.triggers })
const ClientMetadata = { from: 'test' }

async function placeWith(LambdaConfig: LambdaConfigType, client: Parameters<typeof makeClient>[2] = {}) {
  const { Id: UserPoolId } = await makePool(server, { LambdaConfig })
  const ExplicitAuthFlows = [...ALL_FLOWS, 'ALLOW_CUSTOM_AUTH'] as typeof ALL_FLOWS
  const { ClientId } = await makeClient(server, UserPoolId, { ExplicitAuthFlows, ...client })
  return { UserPoolId, ClientId }
}

const begin = (ClientId: string, USERNAME: string, password = PASSWORD) =>
  server.app.send(
    new InitiateAuthCommand({
      ClientId,
      ClientMetadata,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME, PASSWORD: password },
    }),
  )
const sources = () => world.seen().map(({ triggerSource }) => triggerSource)
/** What the client has told the triggers, under whichever name. */
const told = () => world.seen().map(({ request }) => request['validationData'] ?? request['clientMetadata'] ?? null)

describe.each(ways)('by way of %s', (way: Way) => {
  const all = {
    PreAuthentication: arn(way, 'echo'),
    PostAuthentication: arn(way, 'echo'),
    PreTokenGeneration: arn(way, 'echo'),
    UserMigration: arn(way, 'answer'),
    PreSignUp: arn(way, 'answer'),
    DefineAuthChallenge: arn(way, 'answer'),
    CreateAuthChallenge: arn(way, 'answer'),
    VerifyAuthChallengeResponse: arn(way, 'answer'),
  }

  it('a password is preceded by PreAuthentication and followed by PostAuthentication', async () => {
    const { UserPoolId, ClientId } = await placeWith(all)
    const sub = await makeUser(server, UserPoolId, 'ann')
    world.forget()
    await begin(ClientId, 'ann')
    expect(sources()).toEqual([
      'PreAuthentication_Authentication',
      'PostAuthentication_Authentication',
      'TokenGeneration_Authentication',
    ])
    // The metadata of the call that begins goes to PreAuthentication alone.
    expect(told()).toEqual([ClientMetadata, null, null])
    expect(world.seen()[0]).toMatchObject({
      userName: 'ann',
      callerContext: { clientId: ClientId },
      request: { userAttributes: { sub, 'cognito:user_status': 'CONFIRMED' } },
    })
    expect(world.seen()[1]?.request).toMatchObject({ newDeviceUsed: false })
  })

  it('a new password is told to PreTokenGeneration, with the metadata of the answer', async () => {
    const { UserPoolId, ClientId } = await placeWith(all)
    await server.admin.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username: 'bob',
        TemporaryPassword: PASSWORD,
        MessageAction: 'SUPPRESS',
      }),
    )
    const { Session } = await begin(ClientId, 'bob')
    world.forget()
    await server.app.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ClientMetadata,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        ChallengeResponses: { USERNAME: 'bob', NEW_PASSWORD: `${PASSWORD}2` },
        Session,
      }),
    )
    expect(sources()).toEqual(['PostAuthentication_Authentication', 'TokenGeneration_NewPasswordChallenge'])
    expect(told()).toEqual([ClientMetadata, ClientMetadata])
  })

  it('a user of another directory comes over with the first password', async () => {
    const { UserPoolId, ClientId } = await placeWith(all)
    const name = `cleo${way}`
    world.forget()
    const { AuthenticationResult } = await begin(ClientId, name)
    expect(sources()).toEqual([
      'UserMigration_Authentication',
      'PreSignUp_AdminCreateUser',
      'PreAuthentication_Authentication',
      'PostAuthentication_Authentication',
      'TokenGeneration_Authentication',
    ])
    expect(told().slice(0, 3)).toEqual([ClientMetadata, ClientMetadata, ClientMetadata])
    expect(claimsOf(AuthenticationResult?.IdToken as string)).toMatchObject({ email: `${name}@example.com` })
    world.forget()
    await signIn(server, ClientId, name)
    expect(sources()).not.toContain('UserMigration_Authentication')
    const user = await server.admin.send(new AdminGetUserCommand({ UserPoolId, Username: name }))
    expect(user.UserStatus).toBe('CONFIRMED')
  })

  it('a custom sign-in is decided by its three', async () => {
    const { UserPoolId, ClientId } = await placeWith(all)
    await makeUser(server, UserPoolId, 'dan')
    const { Session, ChallengeParameters } = await server.app.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: 'CUSTOM_AUTH',
        AuthParameters: { USERNAME: 'dan' },
        ClientMetadata,
      }),
    )
    expect(ChallengeParameters).toEqual({ USERNAME: 'dan', hint: 'a word' })
    world.forget()
    const { AuthenticationResult } = await server.app.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ClientMetadata,
        ChallengeName: 'CUSTOM_CHALLENGE',
        ChallengeResponses: { USERNAME: 'dan', ANSWER: 'sesame' },
        Session,
      }),
    )
    expect(AuthenticationResult?.AccessToken).toBeDefined()
    expect(sources()).toEqual([
      'VerifyAuthChallengeResponse_Authentication',
      'DefineAuthChallenge_Authentication',
      'PostAuthentication_Authentication',
      'TokenGeneration_Authentication',
    ])
    expect(told()).toEqual(Array(4).fill(ClientMetadata))
  })
})

describe('a trigger of a sign-in that refuses, or answers nonsense', () => {
  it.each([
    [
      'PreAuthentication',
      'refuse',
      'UserLambdaValidationException',
      'PreAuthentication failed with error Domain not allowed.',
    ],
    [
      'PostAuthentication',
      'refuse',
      'UserLambdaValidationException',
      'PostAuthentication failed with error Domain not allowed.',
    ],
    ['PostAuthentication', 'withoutResponse', 'InvalidLambdaResponseException', 'Unrecognizable lambda output'],
    ['PreAuthentication', 'nothing', 'InvalidLambdaResponseException', 'Invalid lambda function output : Invalid JSON'],
  ] as const)('%s: %s gives no tokens', async (trigger, what, error, message) => {
    const { UserPoolId, ClientId } = await placeWith({ [trigger]: arn('handler', what) })
    await makeUser(server, UserPoolId, 'ann')
    await expectRefusal(begin(ClientId, 'ann'), error, message)
  })

  it('PreAuthentication is asked about names that nobody has only where the client hides who exists', async () => {
    const { UserPoolId, ClientId } = await placeWith({ PreAuthentication: arn('handler', 'echo') })
    world.forget()
    await expectRefusal(begin(ClientId, 'nobody'), 'UserNotFoundException', 'User does not exist.')
    expect(sources()).toEqual([])
    const hiding = await makeClient(server, UserPoolId, { PreventUserExistenceErrors: 'ENABLED' })
    await expectRefusal(begin(hiding.ClientId, 'nobody'), 'NotAuthorizedException', WRONG_PASSWORD)
    expect(world.seen()).toMatchObject([{ userName: 'nobody', request: { userNotFound: true, userAttributes: {} } }])
  })

  it('UserMigration: each wrong password counts, and a locked name is not asked about', async () => {
    const { ClientId } = await placeWith({ UserMigration: arn('handler', 'answer') })
    server.clock.freeze()
    world.forget()
    for (let guess = 0; guess < 5; guess++)
      await expectRefusal(begin(ClientId, 'eve', 'Wrong-horse-1'), 'UserNotFoundException', 'User does not exist.')
    await expectRefusal(begin(ClientId, 'eve'), 'NotAuthorizedException', 'Password attempts exceeded')
    expect(sources()).toHaveLength(5)
    server.clock.thaw()
    server.clock.advance(2000)
    expect((await begin(ClientId, 'eve')).AuthenticationResult).toBeDefined()
  })
})
