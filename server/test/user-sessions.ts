// Pools that track the sessions of their users, for the tests of sessions.
import {
  GetUserCommand,
  InitiateAuthCommand,
  ListUserSessionsCommand,
  type SessionDescriptionType,
  SetUserPoolSessionConfigurationCommand,
  type UserSessionTrackingType,
} from '@aws-sdk/client-cognito-identity-provider'
import { claimsOf, type RawAnswer, type TestServer } from './harness.ts'

export const setTracking = (
  server: Pick<TestServer, 'admin'>,
  UserPoolId: string,
  UserSessionTracking: UserSessionTrackingType = 'ENABLED',
  MaxPerUser = 20,
) =>
  server.admin.send(
    new SetUserPoolSessionConfigurationCommand({ UserPoolId, UserSessionTracking, TokenSession: { MaxPerUser } }),
  )

/** The user's own list. */
export const sessionsOf = async (
  server: Pick<TestServer, 'app'>,
  { AccessToken }: { AccessToken: string },
): Promise<SessionDescriptionType[]> =>
  (await server.app.send(new ListUserSessionsCommand({ AccessToken }))).Sessions ?? []

/** The SessionId of the sign-in that tokens belong to. */
export const sessionIdOf = ({ AccessToken }: { AccessToken: string }): string =>
  claimsOf(AccessToken)['origin_jti'] as string

export const refresh = (
  server: Pick<TestServer, 'app'>,
  ClientId: string,
  { RefreshToken }: { RefreshToken: string },
) =>
  server.app.send(
    new InitiateAuthCommand({
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId,
      AuthParameters: { REFRESH_TOKEN: RefreshToken },
    }),
  )

/** What becomes of both tokens of a sign-in: `ok`, or the text of the refusal. */
export const fateOf = async (
  server: Pick<TestServer, 'app'>,
  ClientId: string,
  tokens: { AccessToken: string; RefreshToken: string },
): Promise<string[]> => {
  const textOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'ok',
      (error: Error) => error.message,
    )
  return [
    await textOf(server.app.send(new GetUserCommand({ AccessToken: tokens.AccessToken }))),
    await textOf(refresh(server, ClientId, tokens)),
  ]
}

export const ALIVE = ['ok', 'ok']
export const ENDED = ['Access Token has been revoked', 'Refresh Token has been revoked']

/** A call by a program that names itself so. */
export const callAs = (
  server: Pick<TestServer, 'raw'>,
  userAgent: string,
  operation: string,
  body: unknown,
): Promise<RawAnswer> => server.raw(operation, body, { 'user-agent': userAgent })
