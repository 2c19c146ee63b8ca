import {
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  DescribeUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, startTestServer, useTestServer } from '../../../test/harness.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import { openDatabase } from '../../database/open.ts'

const ROLE = 'arn:aws:iam::123456789012:role/analytics'

describe.each(engines)('CreateUserPoolClient on %s', (engine) => {
  const server = useTestServer({ engine })
  let UserPoolId: string
  beforeAll(async () => {
    UserPoolId = (await makePool(server)).Id
  })
  const create = async (input: Partial<CreateUserPoolClientCommandInput> = {}) => {
    const command = new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'my app', ...input })
    const { UserPoolClient } = await server.admin.send(command)
    return UserPoolClient as NonNullable<typeof UserPoolClient>
  }

  it('answers with exactly the defaults when only the name is sent', async () => {
    const client = await create()
    expect(client).toStrictEqual({
      UserPoolId,
      ClientName: 'my app',
      ClientId: expect.stringMatching(/^[a-z0-9]{26}$/),
      LastModifiedDate: expect.any(Date),
      CreationDate: client.LastModifiedDate,
      RefreshTokenValidity: 30,
      TokenValidityUnits: {},
      AllowedOAuthFlowsUserPoolClient: false,
      EnableTokenRevocation: true,
      EnablePropagateAdditionalUserContextData: false,
      AuthSessionValidity: 3,
    })
  })

  it('makes a secret when asked, and takes one that is sent', async () => {
    const { ClientSecret } = await create({ GenerateSecret: true })
    expect(ClientSecret).toMatch(/^[a-z0-9]{51}$/)
    const own = 'a_secret_of_our_own+24chars'
    expect((await create({ ClientSecret: own })).ClientSecret).toBe(own)
    expect((await create({ ClientSecret: own, GenerateSecret: false })).ClientSecret).toBe(own)
    expect(await create({ GenerateSecret: false })).not.toHaveProperty('ClientSecret')
  })

  it('allows the same name again', async () => {
    const [one, other] = await Promise.all([create(), create()])
    expect(one.ClientId).not.toBe(other.ClientId)
  })
})

describe('CreateUserPoolClient', () => {
  const server = useTestServer()
  let UserPoolId: string
  beforeAll(async () => {
    const Schema = [
      { Name: 'email', Required: true },
      { Name: 'plan', AttributeDataType: 'String' as const },
    ]
    UserPoolId = (await makePool(server, { Schema })).Id
  })
  const create = async (input: Partial<CreateUserPoolClientCommandInput> = {}) => {
    const command = new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'my app', ...input })
    const { UserPoolClient } = await server.admin.send(command)
    return UserPoolClient as NonNullable<typeof UserPoolClient>
  }

  it('keeps every member that is sent', async () => {
    const members = {
      ClientName: 'all + of = it, @home-1.0',
      RefreshTokenValidity: 90,
      AccessTokenValidity: 5,
      IdTokenValidity: 600,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'seconds', RefreshToken: 'minutes' },
      ReadAttributes: ['email', 'custom:plan'],
      WriteAttributes: ['email', 'custom:plan'],
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_AUTH'],
      SupportedIdentityProviders: ['COGNITO'],
      CallbackURLs: ['https://example.com/a', 'myapp://b'],
      LogoutURLs: ['http://localhost:3000/out'],
      DefaultRedirectURI: 'myapp://b',
      AllowedOAuthFlows: ['code', 'implicit'],
      AllowedOAuthScopes: ['openid', 'email'],
      AllowedOAuthFlowsUserPoolClient: true,
      AnalyticsConfiguration: { ApplicationId: 'ab12', RoleArn: ROLE, ExternalId: 'x', UserDataShared: true },
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: false,
      EnablePropagateAdditionalUserContextData: true,
      AuthSessionValidity: 15,
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 60 },
    } satisfies Partial<CreateUserPoolClientCommandInput>
    const client = await create({ ...members, GenerateSecret: true })
    const { ClientId, ClientSecret, CreationDate, LastModifiedDate, ...echoed } = client
    expect(echoed).toStrictEqual({ UserPoolId, ...members })
    const described = await server.admin.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))
    expect(described.UserPoolClient).toStrictEqual(client)
  })

  it('leaves empty lists out', async () => {
    const client = await create({ CallbackURLs: [], LogoutURLs: [], ReadAttributes: [], AllowedOAuthFlows: [] })
    for (const member of ['CallbackURLs', 'LogoutURLs', 'ReadAttributes', 'AllowedOAuthFlows'])
      expect(client).not.toHaveProperty(member)
  })

  const refused: [string, Partial<CreateUserPoolClientCommandInput>, string, string][] = [
    [
      'two kinds of secret',
      { GenerateSecret: true, ClientSecret: 'a_secret_of_our_own+24chars' },
      'InvalidParameterException',
      'GenerateSecret and ClientSecret can not be used together.',
    ],
    [
      'a secret that is too short, without showing it',
      { ClientSecret: 'short' },
      'InvalidParameterException',
      "1 validation error detected: Value at 'clientSecret' failed to satisfy constraint: Member must have length greater than or equal to 24",
    ],
    ...(
      [
        [
          'an access token for four minutes',
          { AccessTokenValidity: 4, TokenValidityUnits: { AccessToken: 'minutes' } },
        ],
        ['an ID token for 25 hours', { IdTokenValidity: 25 }],
        [
          'a refresh token for 59 minutes',
          { RefreshTokenValidity: 59, TokenValidityUnits: { RefreshToken: 'minutes' } },
        ],
        ['a refresh token for ten years and a day', { RefreshTokenValidity: 3651 }],
      ] as [string, Partial<CreateUserPoolClientCommandInput>][]
    ).map(([name, input]): [string, Partial<CreateUserPoolClientCommandInput>, string, string] => [
      name,
      input,
      'InvalidParameterException',
      'Invalid range for token validity.',
    ]),
    [
      'an access token that outlives the refresh token',
      { AccessTokenValidity: 3, RefreshTokenValidity: 2, TokenValidityUnits: { RefreshToken: 'hours' } },
      'InvalidParameterException',
      'Access and Id Token expiration times must be less than or equal to refresh token expiration times.',
    ],
    [
      'older and newer names of flows',
      { ExplicitAuthFlows: ['USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
      'InvalidParameterException',
      "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.",
    ],
    [
      'refresh by sign-in and rotation',
      { ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'], RefreshTokenRotation: { Feature: 'ENABLED' } },
      'InvalidParameterException',
      'ALLOW_REFRESH_TOKEN_AUTH can not be used when refresh token rotation is enabled.',
    ],
    [
      'an unknown attribute to read',
      { ReadAttributes: ['custom:other'] },
      'InvalidParameterException',
      'Invalid read attributes specified while creating a client',
    ],
    [
      'writing without a required attribute',
      { WriteAttributes: ['name'] },
      'InvalidParameterException',
      'Invalid write attributes specified while creating a client',
    ],
    [
      'OAuth without flows and scopes',
      { AllowedOAuthFlowsUserPoolClient: true },
      'InvalidParameterException',
      'AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.',
    ],
    [
      'machines without a secret',
      { AllowedOAuthFlows: ['client_credentials'] },
      'InvalidOAuthFlowException',
      'client_credentials flow can not be selected if client does not have a client secret.',
    ],
    [
      'an unknown scope',
      { AllowedOAuthScopes: ['api/read'] },
      'ScopeDoesNotExistException',
      'Invalid scope requested: api/read',
    ],
    [
      'plain http',
      { LogoutURLs: ['http://example.com'] },
      'InvalidParameterException',
      'http://example.com cannot use the HTTP protocol.',
    ],
    [
      'half of an analytics configuration',
      { AnalyticsConfiguration: { ApplicationId: 'ab12' } },
      'InvalidParameterException',
      'Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid',
    ],
    [
      'addresses of users passed on by a public client',
      { EnablePropagateAdditionalUserContextData: true },
      'InvalidParameterException',
      'Client Secret is required to set EnablePropagateAdditionalUserContextData as true',
    ],
    ...(
      [
        [2, 'greater than or equal to 3'],
        [16, 'less than or equal to 15'],
      ] as const
    ).map(([minutes, bound]): [string, Partial<CreateUserPoolClientCommandInput>, string, string] => [
      `sessions of ${minutes} minutes`,
      { AuthSessionValidity: minutes },
      'InvalidParameterException',
      `1 validation error detected: Value '${minutes}' at 'authSessionValidity' failed to satisfy constraint: Member must have value ${bound}`,
    ]),
  ]
  it.each(refused)('refuses %s', (_, input, name, message) => expectRefusal(create(input), name, message))

  it('refuses an unknown provider', () =>
    expectRefusal(
      create({ SupportedIdentityProviders: ['COGNITO', 'Google'] }),
      'InvalidParameterException',
      `The provider Google does not exist for User Pool ${UserPoolId}.`,
    ))

  it('refuses a pool that does not exist', () =>
    expectRefusal(
      create({ UserPoolId: 'us-east-1_nothere12' }),
      'ResourceNotFoundException',
      'User pool us-east-1_nothere12 does not exist.',
    ))

  it('refuses callers that do not sign', async () => {
    const answer = await server.raw('CreateUserPoolClient', { UserPoolId, ClientName: 'x' })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})

describe('CreateUserPoolClient with as many clients as a pool can have', () => {
  it('refuses one more, in that pool only', async () => {
    const url = await postgresUrl()
    const server = await startTestServer({ env: { DATABASE_URL: url } })
    const database = await openDatabase({ engine: 'postgres', url, connections: 1 }, () => undefined)
    try {
      const [full, other] = await Promise.all([makePool(server), makePool(server)])
      const row = {
        user_pool_id: full.Id,
        settings: '{}',
        secrets_sealed: '',
        created_at: 0,
        updated_at: 0,
        version: 1,
      }
      const rows = Array.from({ length: 999 }, (_, n) => ({ ...row, client_id: `client${n}` }))
      await database.db.insertInto('user_pool_clients').values(rows).execute()
      const create = (UserPoolId: string) =>
        server.admin.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'x' }))
      await create(full.Id)
      await expectRefusal(
        create(full.Id),
        'LimitExceededException',
        'A user pool can not have more than 1000 app clients.',
      )
      await create(other.Id)
    } finally {
      await database.close()
      await server.stop()
    }
  })
})
