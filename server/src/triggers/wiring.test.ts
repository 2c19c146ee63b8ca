// Which operation calls which trigger, with which source and metadata (docs/reference/user-pools.md 13.2, 13.4, 13.5), in each
// of the four ways; and what is left when a trigger refuses.
import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminResetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserAttributeVerificationCodeCommand,
  type LambdaConfigType,
  ResendConfirmationCodeCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import {
  claimsOf,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  useTestServer,
} from '../../test/harness.ts'
import { signUpUser } from '../../test/sign-up.ts'
import { arn, useTriggers, type Way, ways } from '../../test/triggers.ts'

const world = useTriggers()
const server = useTestServer({ env: world.env, triggers: world.triggers })
const ClientMetadata = { from: 'test' }

async function placeWith(LambdaConfig: LambdaConfigType) {
  const { Id: UserPoolId } = await makePool(server, { AutoVerifiedAttributes: ['email'], LambdaConfig })
  const { ClientId } = await makeClient(server, UserPoolId)
  return { UserPoolId, ClientId }
}

describe.each(ways)('by way of %s', (way: Way) => {
  it('every operation calls its triggers, and tells them what the client has given', async () => {
    const { UserPoolId, ClientId } = await placeWith({
      PreSignUp: arn(way, 'echo'),
      PostConfirmation: arn(way, 'echo'),
      CustomMessage: arn(way, 'answer'),
      UserMigration: arn(way, 'answer'),
      PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: arn(way, 'echo') },
    })
    const to = (name: string) => `${name}${way}@example.com`
    /** The sources that a call led to, each with the client's metadata unless `told` is what they got. */
    const calls = async (call: () => Promise<unknown>, told: unknown = ClientMetadata) => {
      world.forget()
      await call()
      for (const { request, userPoolId } of world.seen()) {
        expect(userPoolId).toBe(UserPoolId)
        expect(request['clientMetadata'] ?? request['validationData'] ?? null).toEqual(told)
      }
      return world.seen().map(({ triggerSource }) => triggerSource)
    }
    const ann = { ClientId, Username: 'ann', ClientMetadata }
    expect(await calls(() => signUpUser(server, ClientId, 'ann', { email: to('ann') }, { ClientMetadata }))).toEqual([
      'PreSignUp_SignUp',
      'CustomMessage_SignUp',
    ])
    const ConfirmationCode = await server.outbox.latestCode(to('ann'))
    const [message] = await server.outbox.messages(1)
    expect(message).toMatchObject({ subject: 'Custom subject', body: `Custom <b>${ConfirmationCode}</b> for ann` })
    expect(world.seen()[1]?.request['userAttributes']).toMatchObject({
      sub: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'cognito:user_status': 'UNCONFIRMED',
      email: to('ann'),
    })
    expect(await calls(() => server.app.send(new ResendConfirmationCodeCommand(ann)))).toEqual([
      'CustomMessage_ResendCode',
    ])
    const code = await server.outbox.latestCode(to('ann'))
    const confirm = { ...ann, ConfirmationCode: code }
    expect(await calls(() => server.app.send(new ConfirmSignUpCommand(confirm)))).toEqual([
      'PostConfirmation_ConfirmSignUp',
    ])
    expect(world.seen()[0]?.request['userAttributes']).toMatchObject({
      'cognito:user_status': 'CONFIRMED',
      email_verified: 'true',
    })
    let tokens = { AccessToken: '', RefreshToken: '' }
    const signingIn = async () => {
      tokens = await signIn(server, ClientId, 'ann')
    }
    expect(await calls(signingIn, null)).toEqual(['TokenGeneration_Authentication'])
    const { AccessToken, RefreshToken } = tokens
    const refresh = { ClientId, RefreshToken }
    expect(await calls(() => server.app.send(new GetTokensFromRefreshTokenCommand(refresh)), null)).toEqual([
      'TokenGeneration_RefreshTokens',
    ])
    const verify = { AccessToken, AttributeName: 'email', ClientMetadata }
    expect(await calls(() => server.app.send(new GetUserAttributeVerificationCodeCommand(verify)))).toEqual([
      'CustomMessage_VerifyUserAttribute',
    ])
    const UserAttributes = [{ Name: 'email', Value: to('ann2') }]
    const update = { AccessToken, UserAttributes, ClientMetadata }
    expect(await calls(() => server.app.send(new UpdateUserAttributesCommand(update)))).toEqual([
      'CustomMessage_UpdateUserAttribute',
    ])
    expect(world.seen()[0]).toMatchObject({
      callerContext: { clientId: ClientId },
      request: { userAttributes: { email: to('ann2') }, codeParameter: '{####}', usernameParameter: null },
    })
    const admin = { UserPoolId, Username: 'ann', ClientMetadata }
    const verified = { ...admin, UserAttributes: [{ Name: 'email', Value: to('ann3') }] }
    expect(await calls(() => server.admin.send(new AdminUpdateUserAttributesCommand(verified)))).toEqual([
      'CustomMessage_UpdateUserAttribute',
    ])
    const proven = { UserPoolId, Username: 'ann', UserAttributes: [{ Name: 'email_verified', Value: 'true' }] }
    await server.admin.send(new AdminUpdateUserAttributesCommand(proven))
    expect(await calls(() => server.app.send(new ForgotPasswordCommand(ann)))).toEqual(['CustomMessage_ForgotPassword'])
    const reset = { ...ann, Password: `${PASSWORD}2`, ConfirmationCode: await server.outbox.latestCode(to('ann3')) }
    expect(await calls(() => server.app.send(new ConfirmForgotPasswordCommand(reset)))).toEqual([
      'PostConfirmation_ConfirmForgotPassword',
    ])
    expect(await calls(() => server.admin.send(new AdminResetUserPasswordCommand(admin)))).toEqual([
      'CustomMessage_ForgotPassword',
    ])
    const bob = { UserPoolId, Username: 'bob', ClientMetadata, DesiredDeliveryMediums: ['EMAIL' as const] }
    const invite = { ...bob, UserAttributes: [{ Name: 'email', Value: to('bob') }] }
    expect(await calls(() => server.admin.send(new AdminCreateUserCommand(invite)))).toEqual([
      'PreSignUp_AdminCreateUser',
      'CustomMessage_AdminCreateUser',
    ])
    expect(world.seen()[1]).toMatchObject({
      callerContext: { clientId: 'CLIENT_ID_NOT_APPLICABLE' },
      request: { usernameParameter: '{username}' },
    })
    const again = { ...invite, MessageAction: 'RESEND' as const }
    expect(await calls(() => server.admin.send(new AdminCreateUserCommand(again)))).toEqual([
      'CustomMessage_AdminCreateUser',
    ])
    await signUpUser(server, ClientId, 'carl')
    const carl = { UserPoolId, Username: 'carl', ClientMetadata }
    expect(await calls(() => server.admin.send(new AdminConfirmSignUpCommand(carl)))).toEqual([
      'PostConfirmation_ConfirmSignUp',
    ])
    const moved = `moved${way}`
    const forgotten = { ClientId, Username: moved, ClientMetadata }
    expect(await calls(() => server.app.send(new ForgotPasswordCommand(forgotten)))).toEqual([
      'UserMigration_ForgotPassword',
      'PreSignUp_AdminCreateUser',
      'CustomMessage_ForgotPassword',
    ])
    const user = await server.admin.send(new AdminGetUserCommand({ UserPoolId, Username: moved }))
    expect(user).toMatchObject({ UserStatus: 'RESET_REQUIRED' })
    expect(await calls(() => server.app.send(new ForgotPasswordCommand(forgotten)))).toEqual([
      'CustomMessage_ForgotPassword',
    ])
  })

  it.each(['V1_0', 'V2_0'] as const)('PreTokenGeneration %s changes claims, groups and scopes', async (version) => {
    const { UserPoolId, ClientId } = await placeWith({
      PreTokenGenerationConfig: { LambdaVersion: version, LambdaArn: arn(way, 'answer') },
    })
    const sub = await makeUser(server, UserPoolId, 'ann', { email: 'ann@example.com' })
    world.forget()
    const { IdToken, AccessToken } = await signIn(server, ClientId, 'ann')
    const [event] = world.seen()
    expect(event).toMatchObject({
      version: version === 'V1_0' ? '1' : '2',
      userName: 'ann',
      request: {
        userAttributes: { sub, email: 'ann@example.com', 'cognito:user_status': 'CONFIRMED' },
        groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null },
      },
    })
    expect(event?.request['scopes']).toEqual(version === 'V1_0' ? undefined : ['aws.cognito.signin.user.admin'])
    const [id, access] = [claimsOf(IdToken), claimsOf(AccessToken)]
    expect(id).toMatchObject({ tier: 'gold', sub, 'cognito:groups': ['given'] })
    expect(id).toMatchObject({ 'cognito:preferred_role': 'arn:aws:iam::0:role/given' })
    expect(id).not.toHaveProperty('email')
    expect(access).toMatchObject({ sub, 'cognito:groups': ['given'], client_id: ClientId, username: 'ann' })
    if (version === 'V1_0') expect(access).toMatchObject({ scope: 'aws.cognito.signin.user.admin' })
    else expect(access).toMatchObject({ scope: 'api/read', tenant: { id: 7 } })
    expect(access).not.toHaveProperty('tier')
  })
})

describe('a trigger that refuses, or answers nonsense', () => {
  it.each([
    ['refuse', 'UserLambdaValidationException', 'CustomMessage failed with error Domain not allowed.'],
    ['malformed', 'InvalidLambdaResponseException', 'Unrecognizable lambda output'],
  ])('CustomMessage: %s leaves no user and no message', async (what, error, message) => {
    const { UserPoolId, ClientId } = await placeWith({ CustomMessage: arn('handler', what) })
    await expectRefusal(signUpUser(server, ClientId, 'ann', { email: `${what}@example.com` }), error, message)
    await expectRefusal(
      server.admin.send(new AdminGetUserCommand({ UserPoolId, Username: 'ann' })),
      'UserNotFoundException',
    )
    await expect(server.outbox.latestCode(`${what}@example.com`)).rejects.toThrow()
  })

  it('PostConfirmation: the error is told, and the user is confirmed', async () => {
    const { UserPoolId, ClientId } = await placeWith({ PostConfirmation: arn('handler', 'refuse') })
    await signUpUser(server, ClientId, 'ann', { email: 'post@example.com' })
    const ConfirmationCode = await server.outbox.latestCode('post@example.com')
    await expectRefusal(
      server.app.send(new ConfirmSignUpCommand({ ClientId, Username: 'ann', ConfirmationCode })),
      'UserLambdaValidationException',
      'PostConfirmation failed with error Domain not allowed.',
    )
    const user = await server.admin.send(new AdminGetUserCommand({ UserPoolId, Username: 'ann' }))
    expect(user.UserStatus).toBe('CONFIRMED')
  })

  it('PreSignUp refuses users of administrators, too', async () => {
    const { UserPoolId } = await placeWith({ PreSignUp: arn('handler', 'refuse') })
    const bob = { UserPoolId, Username: 'bob' }
    await expectRefusal(
      server.admin.send(new AdminCreateUserCommand({ ...bob, MessageAction: 'SUPPRESS' })),
      'UserLambdaValidationException',
      'PreSignUp failed with error Domain not allowed.',
    )
    await expectRefusal(server.admin.send(new AdminGetUserCommand(bob)), 'UserNotFoundException')
  })

  it.each([
    ['refuse', 'UserLambdaValidationException', 'PreTokenGeneration failed with error Domain not allowed.'],
    ['malformed', 'InvalidLambdaResponseException', 'Unrecognizable lambda output'],
  ])('PreTokenGeneration: %s gives no tokens', async (what, error, message) => {
    const { UserPoolId, ClientId } = await placeWith({ PreTokenGeneration: arn('handler', what) })
    await makeUser(server, UserPoolId, 'ann')
    await expectRefusal(signIn(server, ClientId, 'ann'), error, message)
    const AuthParameters = { USERNAME: 'ann', PASSWORD }
    const admin = { UserPoolId, ClientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH' as const, AuthParameters }
    await expectRefusal(server.admin.send(new AdminInitiateAuthCommand(admin)), error, message)
  })

  it('UserMigration: its refusal is told, but at a client that hides who exists it is a name that nobody has', async () => {
    const { UserPoolId, ClientId } = await placeWith({ UserMigration: arn('handler', 'refuse') })
    await expectRefusal(
      server.app.send(new ForgotPasswordCommand({ ClientId, Username: 'moved' })),
      'UserLambdaValidationException',
      'UserMigration failed with error Domain not allowed.',
    )
    const hiding = await makeClient(server, UserPoolId, { PreventUserExistenceErrors: 'ENABLED' })
    const { CodeDeliveryDetails } = await server.app.send(
      new ForgotPasswordCommand({ ClientId: hiding.ClientId, Username: 'moved' }),
    )
    expect(CodeDeliveryDetails?.DeliveryMedium).toBe('EMAIL')
  })

  it('PreAuthentication refuses a name that UserMigration does not know as it does a user, where the client hides who exists', async () => {
    const { UserPoolId } = await placeWith({
      UserMigration: arn('handler', 'echo'),
      PreAuthentication: arn('handler', 'refuse'),
    })
    const { ClientId } = await makeClient(server, UserPoolId, { PreventUserExistenceErrors: 'ENABLED' })
    await makeUser(server, UserPoolId, 'ann')
    // More than lock a name.
    for (const name of ['ann', ...Array.from({ length: 6 }, () => 'nobody')])
      await expectRefusal(
        signIn(server, ClientId, name, 'Wrong-horse-1'),
        'UserLambdaValidationException',
        'PreAuthentication failed with error Domain not allowed.',
      )
  })

  it('CustomMessage: words that lack the code are refused', async () => {
    world.instead = (_request, response) =>
      void response.end(JSON.stringify({ response: { emailMessage: 'No code here' } }))
    try {
      const { ClientId } = await placeWith({ CustomMessage: arn('lambda', 'words') })
      await expectRefusal(
        signUpUser(server, ClientId, 'ann', { email: 'words@example.com' }),
        'InvalidLambdaResponseException',
        'The emailMessage of CustomMessage does not hold {####}.',
      )
    } finally {
      world.instead = undefined
    }
  })
})
