// Answering the challenges of a sign-in, for the tests of each.
import {
  type ChallengeNameType,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  type RespondToAuthChallengeCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider'
import type { TestPool, TestServer } from './harness.ts'
import { srpStart } from './srp-client.ts'

export const INVALID_SESSION = 'Invalid session for the user.'
export const USED_SESSION = 'Invalid session for the user, session can only be used once.'
export const EXPIRED_SESSION = 'Invalid session for the user, session is expired.'
export const WRONG_PASSWORD = 'Incorrect username or password.'

/** RespondToAuthChallenge at a client, the pool's own unless another is named. */
export const responder =
  (server: TestServer, at: TestPool) =>
  (
    ChallengeName: ChallengeNameType,
    ChallengeResponses: Record<string, string>,
    Session?: string,
    ClientId = at.clientId,
  ): Promise<RespondToAuthChallengeCommandOutput> =>
    server.app.send(new RespondToAuthChallengeCommand({ ChallengeName, ChallengeResponses, Session, ClientId }))

/** The first half of SRP: what `srpAnswer` answers. */
export const srpBeginner =
  (server: TestServer, at: TestPool) =>
  async (
    USERNAME: string,
    ClientId = at.clientId,
    more: Record<string, string> = {},
  ): Promise<{ start: ReturnType<typeof srpStart>; challenge: Record<string, string> }> => {
    const start = srpStart()
    const { ChallengeParameters = {} } = await server.app.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_SRP_AUTH',
        ClientId,
        AuthParameters: { USERNAME, SRP_A: start.A, ...more },
      }),
    )
    return { start, challenge: ChallengeParameters }
  }
