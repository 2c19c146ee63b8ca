import {
  DescribeUserPoolClientCommand,
  InitiateAuthCommand,
  UpdateUserPoolClientCommand,
  type UpdateUserPoolClientCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  useTestServer,
} from '../../../test/harness.ts'

describe.each(engines)('UpdateUserPoolClient on %s', (engine) => {
  const server = useTestServer({ engine })
  let UserPoolId: string
  beforeAll(async () => {
    UserPoolId = (await makePool(server)).Id
  })
  const update = async (ClientId: string, input: Omit<Partial<UpdateUserPoolClientCommandInput>, 'ClientId'> = {}) => {
    const { UserPoolClient } = await server.admin.send(
      new UpdateUserPoolClientCommand({ UserPoolId, ClientId, ...input }),
    )
    return UserPoolClient as NonNullable<typeof UserPoolClient>
  }

  it('sets every member that is not sent to its default, and keeps id, secret and name', async () => {
    const { ClientId, ClientSecret, CreationDate } = await makeClient(server, UserPoolId, {
      ClientName: 'kept',
      GenerateSecret: true,
      RefreshTokenValidity: 1,
      AccessTokenValidity: 2,
      IdTokenValidity: 2,
      TokenValidityUnits: { AccessToken: 'hours' },
      ReadAttributes: ['email'],
      WriteAttributes: ['email'],
      SupportedIdentityProviders: ['COGNITO'],
      CallbackURLs: ['https://example.com'],
      LogoutURLs: ['https://example.com'],
      DefaultRedirectURI: 'https://example.com',
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid'],
      AllowedOAuthFlowsUserPoolClient: true,
      AnalyticsConfiguration: { ApplicationArn: 'arn:aws:mobiletargeting:us-east-1:123456789012:apps/x' },
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: false,
      EnablePropagateAdditionalUserContextData: true,
      AuthSessionValidity: 9,
      RefreshTokenRotation: { Feature: 'DISABLED' },
    })
    const client = await update(ClientId)
    expect(client).toStrictEqual({
      UserPoolId,
      ClientId,
      ClientSecret,
      ClientName: 'kept',
      CreationDate,
      LastModifiedDate: expect.any(Date),
      RefreshTokenValidity: 30,
      TokenValidityUnits: {},
      AllowedOAuthFlowsUserPoolClient: false,
      EnableTokenRevocation: true,
      EnablePropagateAdditionalUserContextData: false,
      AuthSessionValidity: 3,
      RefreshTokenRotation: { Feature: 'DISABLED', RetryGracePeriodSeconds: 0 },
    })
    const described = await server.admin.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))
    expect(described.UserPoolClient).toStrictEqual(client)
  })

  it('shows rotation as disabled when an update leaves it out after it was enabled', async () => {
    const flows = { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH' as const] }
    const RefreshTokenRotation = { Feature: 'ENABLED', RetryGracePeriodSeconds: 30 } as const
    const { ClientId } = await makeClient(server, UserPoolId, { ...flows, RefreshTokenRotation })
    const off = { Feature: 'DISABLED', RetryGracePeriodSeconds: 0 }
    expect(await update(ClientId, flows)).toHaveProperty('RefreshTokenRotation', off)
    const described = await server.admin.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))
    expect(described.UserPoolClient).toHaveProperty('RefreshTokenRotation', off)
    const never = await makeClient(server, UserPoolId)
    expect(await update(never.ClientId)).not.toHaveProperty('RefreshTokenRotation')
  })

  it('holds for sign-ins from the answer on', async () => {
    await makeUser(server, UserPoolId, 'ada')
    const { ClientId } = await makeClient(server, UserPoolId)
    await signIn(server, ClientId, 'ada')
    await update(ClientId, { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'], ClientName: 'other' })
    const AuthParameters = { USERNAME: 'ada', PASSWORD }
    await expectRefusal(
      server.app.send(new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId, AuthParameters })),
      'InvalidParameterException',
    )
  })

  it('refuses what CreateUserPoolClient refuses, and changes nothing then', async () => {
    const before = await makeClient(server, UserPoolId)
    const refused = 'InvalidParameterException'
    await expectRefusal(
      update(before.ClientId, { ReadAttributes: ['custom:other'] }),
      refused,
      'Invalid read attributes specified while updating a client',
    )
    await expectRefusal(
      update(before.ClientId, { WriteAttributes: ['sub'] }),
      refused,
      'Invalid write attributes specified while updating a client',
    )
    await expectRefusal(
      update(before.ClientId, { AccessTokenValidity: 25 }),
      refused,
      'Invalid range for token validity.',
    )
    await expectRefusal(
      update(before.ClientId, { AllowedOAuthFlows: ['client_credentials'] }),
      'InvalidOAuthFlowException',
      'client_credentials flow can not be selected if client does not have a client secret.',
    )
    await expectRefusal(
      update(before.ClientId, { AllowedOAuthScopes: ['api/read'] }),
      'ScopeDoesNotExistException',
      'Invalid scope requested: api/read',
    )
    const { ClientId } = before
    const described = await server.admin.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))
    expect(described.UserPoolClient).toStrictEqual(before)
  })

  it('refuses a client that does not exist or is of another pool, and a pool that does not exist', async () => {
    const { ClientId } = await makeClient(server, (await makePool(server)).Id)
    const text = `User pool client ${ClientId} does not exist.`
    await expectRefusal(update(ClientId), 'ResourceNotFoundException', text)
    await expectRefusal(update('nothere'), 'ResourceNotFoundException', 'User pool client nothere does not exist.')
    const gone = 'User pool us-east-1_nothere12 does not exist.'
    await expectRefusal(update(ClientId, { UserPoolId: 'us-east-1_nothere12' }), 'ResourceNotFoundException', gone)
  })

  it('refuses callers that do not sign', async () => {
    const { ClientId } = await makeClient(server, UserPoolId)
    const answer = await server.raw('UpdateUserPoolClient', { UserPoolId, ClientId })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
