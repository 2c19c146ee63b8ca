// The AWS SDK for JavaScript, unchanged, walks through the life of a user.
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  ChangePasswordCommand,
  CodeMismatchException,
  type CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  DeleteUserCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  NotAuthorizedException,
  paginateListUsers,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
  UserNotConfirmedException,
  UserNotFoundException,
  UsernameExistsException,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { srpAnswer, srpStart } from '../server/test/srp-client.ts'
import { engines, type StartedServer, startServer } from './start-server.ts'
import { adminClient, makePool, newestCode, newestMessage, type PoolAndClient } from './user-pool.ts'

const [FIRST_PASSWORD, SECOND_PASSWORD, THIRD_PASSWORD] = ['First.Passw0rd', 'Second.Passw0rd', 'Third.Passw0rd']

describe.each(engines)('on %s', (engine) => {
  let server: StartedServer
  let admin: CognitoIdentityProviderClient
  /** As in an app: no credentials at all. */
  let app: CognitoIdentityProviderClient
  let pool: PoolAndClient

  beforeAll(async () => {
    server = await startServer({ engine })
    admin = adminClient(server)
    app = adminClient(server, { credentials: undefined })
    pool = await makePool(admin)
  })

  afterAll(async () => {
    for (const client of [admin, app]) client?.destroy()
    await server?.stop()
  })

  async function signIn(username: string, password: string) {
    const start = srpStart()
    const challenge = await app.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_SRP_AUTH',
        ClientId: pool.clientId,
        AuthParameters: { USERNAME: username, SRP_A: start.A },
      }),
    )
    expect(challenge.ChallengeName).toBe('PASSWORD_VERIFIER')
    const parameters = challenge.ChallengeParameters as Record<string, string>
    const { AuthenticationResult } = await app.send(
      new RespondToAuthChallengeCommand({
        ClientId: pool.clientId,
        ChallengeName: 'PASSWORD_VERIFIER',
        Session: challenge.Session,
        ChallengeResponses: srpAnswer(pool.poolId, start, parameters, password),
      }),
    )
    return AuthenticationResult as { AccessToken: string; IdToken: string; RefreshToken: string; ExpiresIn: number }
  }

  const refresh = (token: string) =>
    app.send(
      new InitiateAuthCommand({
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        ClientId: pool.clientId,
        AuthParameters: { REFRESH_TOKEN: token },
      }),
    )

  test('a user signs up, confirms, signs in, changes its profile, forgets its password and signs out everywhere', {
    timeout: 120_000,
  }, async () => {
    const ClientId = pool.clientId
    const Username = 'ada'
    const signUp = new SignUpCommand({
      ClientId,
      Username,
      Password: FIRST_PASSWORD,
      UserAttributes: [{ Name: 'email', Value: 'ada@example.com' }],
    })
    const signedUp = await app.send(signUp)
    expect(signedUp).toMatchObject({
      UserConfirmed: false,
      UserSub: expect.stringMatching(/^[\da-f-]{36}$/),
      CodeDeliveryDetails: { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'a***@e***' },
    })
    expect(signedUp.$metadata.requestId).toMatch(/^[\da-f-]{36}$/)
    await expect(app.send(signUp)).rejects.toBeInstanceOf(UsernameExistsException)
    await expect(signIn(Username, FIRST_PASSWORD)).rejects.toBeInstanceOf(UserNotConfirmedException)

    const code = await newestCode(server, 'ada@example.com')
    const wrong = code === '000000' ? '000001' : '000000'
    await expect(
      app.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode: wrong })),
    ).rejects.toBeInstanceOf(CodeMismatchException)
    await app.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode: code }))

    await expect(signIn(Username, SECOND_PASSWORD)).rejects.toBeInstanceOf(NotAuthorizedException)
    const tokens = await signIn(Username, FIRST_PASSWORD)
    expect(tokens).toMatchObject({ ExpiresIn: 3600, TokenType: 'Bearer' })
    expect(await app.send(new GetUserCommand({ AccessToken: tokens.AccessToken }))).toMatchObject({
      Username,
      UserAttributes: expect.arrayContaining([
        { Name: 'sub', Value: signedUp.UserSub },
        { Name: 'email_verified', Value: 'true' },
      ]),
    })

    for (const { AuthenticationResult } of [
      await refresh(tokens.RefreshToken),
      await app.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken: tokens.RefreshToken })),
    ]) {
      await app.send(new GetUserCommand({ AccessToken: AuthenticationResult?.AccessToken }))
      expect(AuthenticationResult?.RefreshToken).toBeUndefined()
    }

    const changed = await app.send(
      new UpdateUserAttributesCommand({
        AccessToken: tokens.AccessToken,
        UserAttributes: [
          { Name: 'given_name', Value: 'Ada 🌍' },
          { Name: 'email', Value: 'lovelace@example.com' },
        ],
      }),
    )
    expect(changed.CodeDeliveryDetailsList).toMatchObject([{ AttributeName: 'email', Destination: 'l***@e***' }])
    await app.send(
      new VerifyUserAttributeCommand({
        AccessToken: tokens.AccessToken,
        AttributeName: 'email',
        Code: await newestCode(server, 'lovelace@example.com'),
      }),
    )
    const read = await admin.send(new AdminGetUserCommand({ UserPoolId: pool.poolId, Username }))
    expect(read.UserCreateDate).toBeInstanceOf(Date)
    expect(read.UserAttributes).toEqual(
      expect.arrayContaining([
        { Name: 'given_name', Value: 'Ada 🌍' },
        { Name: 'email', Value: 'lovelace@example.com' },
        { Name: 'email_verified', Value: 'true' },
      ]),
    )

    await app.send(
      new ChangePasswordCommand({
        AccessToken: tokens.AccessToken,
        PreviousPassword: FIRST_PASSWORD,
        ProposedPassword: SECOND_PASSWORD,
      }),
    )
    await expect(signIn(Username, FIRST_PASSWORD)).rejects.toBeInstanceOf(NotAuthorizedException)
    await signIn(Username, SECOND_PASSWORD)

    const forgotten = await app.send(new ForgotPasswordCommand({ ClientId, Username }))
    expect(forgotten.CodeDeliveryDetails).toMatchObject({ Destination: 'l***@e***' })
    await app.send(
      new ConfirmForgotPasswordCommand({
        ClientId,
        Username,
        ConfirmationCode: await newestCode(server, 'lovelace@example.com'),
        Password: THIRD_PASSWORD,
      }),
    )
    const [here, there] = [await signIn(Username, THIRD_PASSWORD), await signIn(Username, THIRD_PASSWORD)]

    await app.send(new GlobalSignOutCommand({ AccessToken: here.AccessToken }))
    for (const { AccessToken, RefreshToken } of [here, there, tokens]) {
      await expect(app.send(new GetUserCommand({ AccessToken }))).rejects.toBeInstanceOf(NotAuthorizedException)
      await expect(refresh(RefreshToken)).rejects.toBeInstanceOf(NotAuthorizedException)
    }

    const last = await signIn(Username, THIRD_PASSWORD)
    await app.send(new RevokeTokenCommand({ ClientId, Token: last.RefreshToken }))
    await expect(refresh(last.RefreshToken)).rejects.toBeInstanceOf(NotAuthorizedException)
    const deleting = await signIn(Username, THIRD_PASSWORD)
    await app.send(new DeleteUserCommand({ AccessToken: deleting.AccessToken }))
    await expect(admin.send(new AdminGetUserCommand({ UserPoolId: pool.poolId, Username }))).rejects.toBeInstanceOf(
      UserNotFoundException,
    )
  })

  test('an invited user gets a temporary password and chooses its own', async () => {
    const Username = 'grace'
    await admin.send(
      new AdminCreateUserCommand({
        UserPoolId: pool.poolId,
        Username,
        DesiredDeliveryMediums: ['EMAIL'],
        UserAttributes: [{ Name: 'email', Value: 'grace@example.com' }],
      }),
    )
    const { body } = await newestMessage(server, 'grace@example.com')
    const temporary = /temporary password is (\S+)\./.exec(body)?.[1]?.replaceAll('&lt;', '<').replaceAll('&amp;', '&')
    const challenge = await app.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: pool.clientId,
        AuthParameters: { USERNAME: Username, PASSWORD: temporary as string },
      }),
    )
    expect(challenge.ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
    const { AuthenticationResult } = await app.send(
      new RespondToAuthChallengeCommand({
        ClientId: pool.clientId,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        Session: challenge.Session,
        ChallengeResponses: { USERNAME: Username, NEW_PASSWORD: FIRST_PASSWORD },
      }),
    )
    expect(AuthenticationResult?.AccessToken).toBeDefined()
    await signIn(Username, FIRST_PASSWORD)
  })

  test('the paginator of the SDK finds every user once', async () => {
    const { poolId: UserPoolId } = await makePool(admin)
    const names = Array.from({ length: 23 }, (_, index) => `user-${index}`)
    for (const Username of names) {
      await admin.send(new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }))
    }
    const found: unknown[] = []
    let pages = 0
    for await (const page of paginateListUsers({ client: admin, pageSize: 5 }, { UserPoolId })) {
      pages++
      found.push(...(page.Users ?? []).map((user) => user.Username))
    }
    expect(pages).toBe(5)
    expect([...found].sort()).toEqual([...names].sort())
  })
})
