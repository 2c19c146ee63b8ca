import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  type ChallengeNameType,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makeUser, PASSWORD, usePool, useTestServer } from '../../../test/harness.ts'
import { srpAnswer, srpStart } from '../../../test/srp-client.ts'

describe('AdminRespondToAuthChallenge', () => {
  const server = useTestServer()
  const at = usePool(server)

  const respond = (ChallengeName: ChallengeNameType, ChallengeResponses: Record<string, string>, Session?: string) =>
    server.admin.send(
      new AdminRespondToAuthChallengeCommand({
        UserPoolId: at.poolId,
        ClientId: at.clientId,
        ChallengeName,
        ChallengeResponses,
        Session,
      }),
    )

  it('ends SRP in tokens', async () => {
    await makeUser(server, at.poolId, 'ann')
    const start = srpStart()
    const { ChallengeParameters = {} } = await server.admin.send(
      new AdminInitiateAuthCommand({
        UserPoolId: at.poolId,
        ClientId: at.clientId,
        AuthFlow: 'USER_SRP_AUTH',
        AuthParameters: { USERNAME: 'ann', SRP_A: start.A },
      }),
    )
    expect(
      (await respond('PASSWORD_VERIFIER', srpAnswer(at.poolId, start, ChallengeParameters, PASSWORD)))
        .AuthenticationResult?.IdToken,
    ).toBeDefined()
  })

  it('takes the new password after a temporary one', async () => {
    await server.admin.send(
      new AdminCreateUserCommand({
        UserPoolId: at.poolId,
        Username: 'bob',
        TemporaryPassword: 'Temp0rary!x',
        MessageAction: 'SUPPRESS',
      }),
    )
    const { Session, ChallengeName } = await server.admin.send(
      new AdminInitiateAuthCommand({
        UserPoolId: at.poolId,
        ClientId: at.clientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'bob', PASSWORD: 'Temp0rary!x' },
      }),
    )
    expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
    expect(
      (await respond('NEW_PASSWORD_REQUIRED', { USERNAME: 'bob', NEW_PASSWORD: PASSWORD }, Session))
        .AuthenticationResult?.RefreshToken,
    ).toBeDefined()
  })

  it('refuses an invented session and a missing name', async () => {
    await expectRefusal(
      respond('NEW_PASSWORD_REQUIRED', { USERNAME: 'bob', NEW_PASSWORD: PASSWORD }, 'AYABe'.padEnd(60, 'x')),
      'NotAuthorizedException',
      'Invalid session for the user.',
    )
    await expectRefusal(
      respond('NEW_PASSWORD_REQUIRED', { NEW_PASSWORD: PASSWORD }, 'AYABe'.padEnd(60, 'x')),
      'InvalidParameterException',
      'Missing required parameter USERNAME',
    )
  })

  it('is for callers that sign', async () => {
    const answer = await server.raw('AdminRespondToAuthChallenge', {
      UserPoolId: at.poolId,
      ClientId: at.clientId,
      ChallengeName: 'PASSWORD_VERIFIER',
    })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
