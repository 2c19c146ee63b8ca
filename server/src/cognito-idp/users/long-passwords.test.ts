// Whatever password the validation lets through is one that every operation can work with.
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectRefusal, makeClient, makeUser, PASSWORD, signIn, usePool, useTestServer } from '../../../test/harness.ts'
import { signUpConfirmed } from '../../../test/sign-up.ts'
import { srpAnswer, srpStart } from '../../../test/srp-client.ts'

/** 256 characters of four bytes but for what the policy asks for. */
const long = (first: string): string => `Aa1!${first}${'😀'.repeat(251)}`

describe('passwords of 256 characters, each of four bytes', () => {
  const server = useTestServer()
  const at = usePool(server, { pool: { AutoVerifiedAttributes: ['email'] } })
  let ClientId: string

  beforeAll(async () => {
    ClientId = (await makeClient(server, at.poolId)).ClientId
  })

  const begin = (USERNAME: string, password: string) =>
    server.app.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId,
        AuthParameters: { USERNAME, PASSWORD: password },
      }),
    )

  it('are taken by SignUp, ChangePassword and ConfirmForgotPassword, and sign in', async () => {
    const email = 'long@example.org'
    await signUpConfirmed(server, ClientId, 'long', { email }, email, { Password: long('1') })
    const { AccessToken } = await signIn(server, ClientId, 'long', long('1'))
    await server.app.send(
      new ChangePasswordCommand({ AccessToken, PreviousPassword: long('1'), ProposedPassword: long('2') }),
    )
    await signIn(server, ClientId, 'long', long('2'))
    await server.app.send(new ForgotPasswordCommand({ ClientId, Username: 'long' }))
    const ConfirmationCode = await server.outbox.latestCode(email)
    await server.app.send(
      new ConfirmForgotPasswordCommand({ ClientId, Username: 'long', ConfirmationCode, Password: long('3') }),
    )
    await signIn(server, ClientId, 'long', long('3'))
  })

  it('are taken by AdminCreateUser, NEW_PASSWORD_REQUIRED and AdminSetUserPassword, by SRP, too', async () => {
    await server.admin.send(
      new AdminCreateUserCommand({
        UserPoolId: at.poolId,
        Username: 'made',
        TemporaryPassword: long('1'),
        MessageAction: 'SUPPRESS',
      }),
    )
    const { Session } = await begin('made', long('1'))
    const answered = await server.app.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        ChallengeResponses: { USERNAME: 'made', NEW_PASSWORD: long('2') },
        Session,
      }),
    )
    expect(answered.AuthenticationResult).toBeDefined()
    await server.admin.send(
      new AdminSetUserPasswordCommand({
        UserPoolId: at.poolId,
        Username: 'made',
        Password: long('3'),
        Permanent: true,
      }),
    )
    const start = srpStart()
    const { ChallengeParameters = {} } = await server.app.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_SRP_AUTH',
        ClientId,
        AuthParameters: { USERNAME: 'made', SRP_A: start.A },
      }),
    )
    const proven = await server.app.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: 'PASSWORD_VERIFIER',
        ChallengeResponses: srpAnswer(at.poolId, start, ChallengeParameters, long('3')),
      }),
    )
    expect(proven.AuthenticationResult).toBeDefined()
  })

  it('are wrong at sign-in when they are longer still, and none of the lengths is an error of the server', async () => {
    await makeUser(server, at.poolId, 'short')
    for (const password of [`${PASSWORD}x`, long('x'), 'x'.repeat(1025), '😀'.repeat(20_000)]) {
      await expectRefusal(begin('short', password), 'NotAuthorizedException', 'Incorrect username or password.')
      server.clock.advance(60_000)
    }
    await signIn(server, ClientId, 'short')
  })

  it('are refused by one character more', async () => {
    for (const more of ['x', '😀'])
      await expectRefusal(
        server.admin.send(
          new AdminSetUserPasswordCommand({
            UserPoolId: at.poolId,
            Username: 'short',
            Password: `${long('x')}${more}`,
          }),
        ),
        'InvalidParameterException',
        /'password' failed to satisfy constraint: Member must have length less than or equal to 256$/,
      )
  })
})
