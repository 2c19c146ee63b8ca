// One user's way from signing up to a password that was forgotten and set anew, as an app walks it.
import {
  AuthFlowType,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  DeleteUserCommand,
  ForgotPasswordCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeClient, makePool, PASSWORD, signIn, useTestServer } from '../harness.ts'
import { otherCode, signUpUser } from '../sign-up.ts'

const FORGOTTEN = 'F0rgotten!one'
const CHANGED = 'Ch4nged!again'
const EMAIL = 'ann@example.org'
const NEW_EMAIL = 'ann.lee@example.net'

describe.each(engines)('from sign-up to a new password on %s', (engine) => {
  const server = useTestServer({ engine })

  it.each(['LEGACY', 'ENABLED'] as const)('with PreventUserExistenceErrors %s', async (PreventUserExistenceErrors) => {
    const pool = await makePool(server, {
      UsernameAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
    })
    const { ClientId } = await makeClient(server, pool.Id, { PreventUserExistenceErrors })
    const confirm = (ConfirmationCode: string) =>
      server.app.send(new ConfirmSignUpCommand({ ClientId, Username: EMAIL, ConfirmationCode }))

    const { UserSub } = await signUpUser(server, ClientId, EMAIL, { name: 'Ann' })
    const first = await server.outbox.latestCode(EMAIL)
    await expectRefusal(confirm(otherCode(first)), 'CodeMismatchException')
    await expectRefusal(signIn(server, ClientId, EMAIL), 'UserNotConfirmedException')
    await server.app.send(new ResendConfirmationCodeCommand({ ClientId, Username: EMAIL }))
    await confirm(await server.outbox.latestCode(EMAIL))

    const { AccessToken, RefreshToken } = await signIn(server, ClientId, EMAIL)
    const user = await server.app.send(new GetUserCommand({ AccessToken }))
    expect(user.Username).toBe(UserSub)
    expect(Object.fromEntries((user.UserAttributes ?? []).map(({ Name, Value }) => [Name, Value]))).toEqual({
      sub: UserSub,
      name: 'Ann',
      email: EMAIL,
      email_verified: 'true',
    })

    await server.app.send(new ForgotPasswordCommand({ ClientId, Username: EMAIL }))
    expect((await signIn(server, ClientId, EMAIL, PASSWORD)).AccessToken).toBeTruthy()
    const reset = { ClientId, Username: EMAIL, ConfirmationCode: await server.outbox.latestCode(EMAIL) }
    await server.app.send(new ConfirmForgotPasswordCommand({ ...reset, Password: FORGOTTEN }))
    await expectRefusal(signIn(server, ClientId, EMAIL), 'NotAuthorizedException', 'Incorrect username or password.')
    await signIn(server, ClientId, EMAIL, FORGOTTEN)

    await server.app.send(
      new ChangePasswordCommand({ AccessToken, PreviousPassword: FORGOTTEN, ProposedPassword: CHANGED }),
    )
    await expectRefusal(signIn(server, ClientId, EMAIL, FORGOTTEN), 'NotAuthorizedException')
    const refresh = {
      AuthFlow: AuthFlowType.REFRESH_TOKEN_AUTH,
      ClientId,
      AuthParameters: { REFRESH_TOKEN: RefreshToken },
    }
    expect((await server.app.send(new InitiateAuthCommand(refresh))).AuthenticationResult?.AccessToken).toBeTruthy()

    const UserAttributes = [{ Name: 'email', Value: NEW_EMAIL }]
    await server.app.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }))
    const Code = await server.outbox.latestCode(NEW_EMAIL)
    await server.app.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code }))
    expect((await signIn(server, ClientId, NEW_EMAIL, CHANGED)).AccessToken).toBeTruthy()

    await server.app.send(new DeleteUserCommand({ AccessToken }))
    await expectRefusal(
      signIn(server, ClientId, NEW_EMAIL, CHANGED),
      PreventUserExistenceErrors === 'LEGACY' ? 'UserNotFoundException' : 'NotAuthorizedException',
    )
    const again = await signUpUser(server, ClientId, NEW_EMAIL)
    expect(again.UserSub).not.toBe(UserSub)
  })
})
