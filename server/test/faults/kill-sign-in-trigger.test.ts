// `kill -9` while a trigger of a sign-in runs: the state is as before or wholly after, and the user goes on to the end.
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  type AuthFlowType,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  RespondToAuthChallengeCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { expect, test } from 'vitest'
import { engines } from '../../../conformance/start-server.ts'
import { makePool, newestCode, newestMessage } from '../../../conformance/user-pool.ts'
import { claimsOf } from '../harness.ts'
import { ARN, startHeldFunction } from './held-function.ts'

/** The one that trigger-functions.cjs lets a user of another directory in with. */
const PASSWORD = 'Passw0rd!x'
const NEW_PASSWORD = 'An0ther.passw0rd'

/** A pool whose triggers are those of one held function, and what its users do. */
async function startWorld(engine: (typeof engines)[number]) {
  const held = await startHeldFunction(engine)
  const { sdk } = held
  const { poolId: UserPoolId, clientId: ClientId } = await makePool(
    sdk(),
    {},
    {
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_CUSTOM_AUTH'],
      // Longer than all restarts take on a slow machine.
      AuthSessionValidity: 15,
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    },
  )
  return {
    ...held,
    UserPoolId,
    ClientId,
    lostDuring: async (source: string, call: () => Promise<unknown>) =>
      expect(await held.killedDuring(source, call)).toBe('lost'),
    use: (LambdaConfig: object) =>
      sdk().send(new UpdateUserPoolCommand({ UserPoolId, LambdaConfig, AutoVerifiedAttributes: ['email'] })),
    makeUser: async (Username: string, Permanent = true) => {
      const user = { UserPoolId, Username }
      const UserAttributes = [
        { Name: 'email', Value: `${Username}@example.com` },
        { Name: 'email_verified', Value: 'true' },
      ]
      await sdk().send(
        new AdminCreateUserCommand({
          ...user,
          MessageAction: 'SUPPRESS',
          TemporaryPassword: 'Temp0rary.pw',
          UserAttributes,
        }),
      )
      if (Permanent) await sdk().send(new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD, Permanent }))
    },
    begin: (AuthFlow: AuthFlowType, USERNAME: string, password = PASSWORD) =>
      sdk().send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow,
          AuthParameters: { USERNAME, ...(AuthFlow !== 'CUSTOM_AUTH' && { PASSWORD: password }) },
        }),
      ),
    answer: (Session: string | undefined, USERNAME: string, ANSWER: string) =>
      sdk().send(
        new RespondToAuthChallengeCommand({
          ClientId,
          ChallengeName: 'CUSTOM_CHALLENGE',
          Session,
          ChallengeResponses: { USERNAME, ANSWER },
        }),
      ),
    statusOf: async (Username: string) =>
      (await sdk().send(new AdminGetUserCommand({ UserPoolId, Username }))).UserStatus,
  }
}

test.each(engines)(
  '%s: PreTokenGeneration at a sign-in, after a new password and at a refresh that rotates',
  async (engine) => {
    const { sdk, ClientId, begin, makeUser, lostDuring, use, stop, statusOf } = await startWorld(engine)
    try {
      await use({ PreTokenGeneration: ARN })
      await makeUser('ann')
      await lostDuring('TokenGeneration_Authentication', () => begin('USER_PASSWORD_AUTH', 'ann'))
      const { AuthenticationResult: tokens } = await begin('USER_PASSWORD_AUTH', 'ann')
      expect(claimsOf(tokens?.IdToken as string)).toMatchObject({ tier: 'gold' })

      // A token that was not answered for has replaced nothing: the old one is good without a grace period.
      const refresh = (RefreshToken: string | undefined) =>
        sdk().send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }))
      await lostDuring('TokenGeneration_RefreshTokens', () => refresh(tokens?.RefreshToken))
      const { AuthenticationResult: next } = await refresh(tokens?.RefreshToken)
      expect(claimsOf(next?.IdToken as string)).toMatchObject({ tier: 'gold' })
      expect((await refresh(next?.RefreshToken)).AuthenticationResult).toBeDefined()

      // The new password was set before the tokens were asked about.
      await makeUser('bob', false)
      const { Session, ChallengeName } = await begin('USER_PASSWORD_AUTH', 'bob', 'Temp0rary.pw')
      expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
      const set = new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName,
        Session,
        ChallengeResponses: { USERNAME: 'bob', NEW_PASSWORD },
      })
      await lostDuring('TokenGeneration_NewPasswordChallenge', () => sdk().send(set))
      expect(await statusOf('bob')).toBe('CONFIRMED')
      await expect(begin('USER_PASSWORD_AUTH', 'bob', 'Temp0rary.pw')).rejects.toThrow('Incorrect username or password')
      expect((await begin('USER_PASSWORD_AUTH', 'bob', NEW_PASSWORD)).AuthenticationResult).toBeDefined()
    } finally {
      await stop()
    }
  },
  120_000,
)

test.each(engines)(
  '%s: CustomMessage of a forgotten password, and UserMigration',
  async (engine) => {
    const world = await startWorld(engine)
    const { sdk, server, ClientId, UserPoolId, begin, makeUser, lostDuring, use, statusOf, stop } = world
    try {
      await use({ CustomMessage: ARN })
      await makeUser('ann')
      const forget = (Username: string) => sdk().send(new ForgotPasswordCommand({ ClientId, Username }))
      await lostDuring('CustomMessage_ForgotPassword', () => forget('ann'))
      await expect(newestMessage(server, 'ann@example.com')).rejects.toThrow('No message')
      await forget('ann')
      expect((await newestMessage(server, 'ann@example.com')).body).toContain('for ann')
      const ConfirmationCode = await newestCode(server, 'ann@example.com')
      const reset = { ClientId, Username: 'ann', Password: NEW_PASSWORD, ConfirmationCode }
      await sdk().send(new ConfirmForgotPasswordCommand(reset))
      expect((await begin('USER_PASSWORD_AUTH', 'ann', NEW_PASSWORD)).AuthenticationResult).toBeDefined()

      await use({ UserMigration: ARN })
      await lostDuring('UserMigration_Authentication', () => begin('USER_PASSWORD_AUTH', 'cleo'))
      await expect(statusOf('cleo')).rejects.toThrow('User does not exist.')
      expect((await begin('USER_PASSWORD_AUTH', 'cleo')).AuthenticationResult).toBeDefined()
      await lostDuring('UserMigration_ForgotPassword', () => forget('dora'))
      await expect(statusOf('dora')).rejects.toThrow('User does not exist.')
      await forget('dora')
      const code = await newestCode(server, 'dora@example.com')
      await sdk().send(new ConfirmForgotPasswordCommand({ ...reset, Username: 'dora', ConfirmationCode: code }))
      expect((await begin('USER_PASSWORD_AUTH', 'dora', NEW_PASSWORD)).AuthenticationResult).toBeDefined()
      const { Users = [] } = await sdk().send(new ListUsersCommand({ UserPoolId }))
      expect(Users.map(({ Username }) => Username).sort()).toEqual(['ann', 'cleo', 'dora'])
    } finally {
      await stop()
    }
  },
  120_000,
)

test.each(engines)(
  '%s: the triggers of a custom sign-in, at its beginning and at an answer',
  async (engine) => {
    const { begin, answer, makeUser, lostDuring, use, stop } = await startWorld(engine)
    try {
      await use({ DefineAuthChallenge: ARN, CreateAuthChallenge: ARN, VerifyAuthChallengeResponse: ARN })
      await makeUser('ann')
      const asked = async () => {
        const { ChallengeName, Session } = await begin('CUSTOM_AUTH', 'ann')
        expect(ChallengeName).toBe('CUSTOM_CHALLENGE')
        return Session
      }
      for (const source of ['DefineAuthChallenge', 'CreateAuthChallenge'])
        await lostDuring(`${source}_Authentication`, () => begin('CUSTOM_AUTH', 'ann'))
      // A challenge that was answered for stands, whatever is killed after it.
      const standing = await asked()
      for (const source of ['VerifyAuthChallengeResponse', 'DefineAuthChallenge']) {
        const session = await asked()
        await lostDuring(`${source}_Authentication`, () => answer(session, 'ann', 'sesame'))
        // An answer that may have been judged is not judged again: the user begins anew.
        await expect(answer(session, 'ann', 'sesame')).rejects.toThrow('session can only be used once')
        expect((await answer(await asked(), 'ann', 'sesame')).AuthenticationResult).toBeDefined()
      }
      expect((await answer(standing, 'ann', 'sesame')).AuthenticationResult).toBeDefined()
      // A wrong answer that is killed opens nothing.
      const session = await asked()
      await lostDuring('CreateAuthChallenge_Authentication', () => answer(session, 'ann', 'wrong'))
      await expect(answer(session, 'ann', 'sesame')).rejects.toThrow('session can only be used once')
      expect((await answer(await asked(), 'ann', 'sesame')).AuthenticationResult).toBeDefined()
    } finally {
      await stop()
    }
  },
  120_000,
)
