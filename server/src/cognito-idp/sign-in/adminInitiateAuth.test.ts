import { AdminInitiateAuthCommand, type AuthFlowType } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import {
  claimsOf,
  expectRefusal,
  makeClient,
  makePool,
  PASSWORD,
  signIn,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'
import { signUpUser } from '../../../test/sign-up.ts'
import { srpStart } from '../../../test/srp-client.ts'

describe('AdminInitiateAuth', () => {
  const server = useTestServer()
  const at = usePool(server, { users: ['ann'] })

  const begin = (AuthFlow: AuthFlowType, AuthParameters: Record<string, string>, ClientId = at.clientId) =>
    server.admin.send(new AdminInitiateAuthCommand({ UserPoolId: at.poolId, ClientId, AuthFlow, AuthParameters }))

  it.each(['ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'] as const)('signs in by %s', async (flow) => {
    const { AuthenticationResult, ChallengeParameters } = await begin(flow, { USERNAME: 'ann', PASSWORD })
    expect(claimsOf(AuthenticationResult?.AccessToken as string)).toMatchObject({
      username: 'ann',
      client_id: at.clientId,
    })
    expect(ChallengeParameters).toEqual({})
  })

  it('begins SRP and refreshes', async () => {
    expect((await begin('USER_SRP_AUTH', { USERNAME: 'ann', SRP_A: srpStart().A })).ChallengeName).toBe(
      'PASSWORD_VERIFIER',
    )
    const { RefreshToken } = await signIn(server, at.clientId, 'ann')
    expect(
      (await begin('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: RefreshToken })).AuthenticationResult?.AccessToken,
    ).toBeDefined()
  })

  it('tells an unconfirmed user so, whatever the password', async () => {
    await signUpUser(server, at.clientId, 'fresh')
    for (const password of [PASSWORD, 'Wr0ng!pass'])
      await expectRefusal(
        begin('ADMIN_USER_PASSWORD_AUTH', { USERNAME: 'fresh', PASSWORD: password }),
        'UserNotConfirmedException',
        'User is not confirmed.',
      )
  })

  it('refuses the flow that only the public operation accepts', () =>
    expectRefusal(
      begin('USER_PASSWORD_AUTH', { USERNAME: 'ann', PASSWORD }),
      'InvalidParameterException',
      'Initiate Auth method not supported.',
    ))

  it('refuses a flow that the client does not allow', async () => {
    const { ClientId } = await makeClient(server, at.poolId, {
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    })
    await expectRefusal(
      begin('ADMIN_USER_PASSWORD_AUTH', { USERNAME: 'ann', PASSWORD }, ClientId),
      'InvalidParameterException',
      'Auth flow not enabled for this client',
    )
  })

  it('refuses wrong passwords, unknown users and clients of other pools', async () => {
    await expectRefusal(
      begin('ADMIN_USER_PASSWORD_AUTH', { USERNAME: 'ann', PASSWORD: 'Wr0ng!pass' }),
      'NotAuthorizedException',
      'Incorrect username or password.',
    )
    await expectRefusal(
      begin('ADMIN_USER_PASSWORD_AUTH', { USERNAME: 'nobody', PASSWORD }),
      'UserNotFoundException',
      'User does not exist.',
    )
    const foreign = (await makeClient(server, (await makePool(server)).Id)).ClientId
    await expectRefusal(
      begin('ADMIN_USER_PASSWORD_AUTH', { USERNAME: 'ann', PASSWORD }, foreign),
      'ResourceNotFoundException',
      `User pool client ${foreign} does not exist.`,
    )
  })

  it('is for callers that sign', async () => {
    const answer = await server.raw('AdminInitiateAuth', {
      UserPoolId: at.poolId,
      ClientId: at.clientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ann', PASSWORD },
    })
    expect(answer).toMatchObject({
      status: 400,
      json: { __type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' },
    })
  })
})
