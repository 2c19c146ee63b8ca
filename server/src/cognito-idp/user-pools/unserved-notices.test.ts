// What a pool's settings name and nothing carries out yet: plans apply, and the log says so once.
import {
  SignUpCommand,
  UpdateUserPoolClientCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeClient, makePool, makeUser, PASSWORD, signIn, useTestServer } from '../../../test/harness.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:one'

describe('settings that are not in effect yet', () => {
  const lines: string[] = []
  const server = useTestServer({ env: { LOG_LEVEL: 'info' }, logTo: { write: (line) => void lines.push(line) } })
  let UserPoolId: string
  let ClientId: string

  beforeEach(async () => {
    UserPoolId = (await makePool(server)).Id
    ClientId = (
      await makeClient(server, UserPoolId, {
        ExplicitAuthFlows: [
          'ALLOW_USER_PASSWORD_AUTH',
          'ALLOW_USER_SRP_AUTH',
          'ALLOW_REFRESH_TOKEN_AUTH',
          'ALLOW_ADMIN_USER_PASSWORD_AUTH',
        ],
      })
    ).ClientId
    await makeUser(server, UserPoolId, 'ann', {})
    lines.length = 0
  })

  const notices = () =>
    lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === 'settings are stored and not in effect yet')
      .map(({ pool, client, settings }) => ({ pool, client, settings }))

  const signUp = (Username: string) =>
    server.app.send(new SignUpCommand({ ClientId, Username, Password: PASSWORD, UserAttributes: [] }))

  it('refuse nothing; the log names all of them once, and again when they change', async () => {
    // In effect, so not told of.
    const LambdaConfig = { InboundFederation: { LambdaVersion: 'V1_0', LambdaArn: ARN } } as const
    const IssuerConfiguration = { Type: 'UPDATED' } as const
    const KeyConfiguration = {
      KeyType: 'CUSTOMER_MANAGED_KEY',
      KmsKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000000',
    } as const
    await server.admin.send(
      new UpdateUserPoolCommand({ UserPoolId, LambdaConfig, IssuerConfiguration, UserPoolTier: 'PLUS' }),
    )
    await signIn(server, ClientId, 'ann')
    expect(notices()).toEqual([])
    await server.admin.send(
      new UpdateUserPoolCommand({ UserPoolId, LambdaConfig, KeyConfiguration, UserPoolTier: 'PLUS' }),
    )
    const settings = ['KeyConfiguration']
    await signUp('bob')
    await signIn(server, ClientId, 'ann')
    await signIn(server, ClientId, 'ann')
    expect(notices()).toEqual([{ pool: UserPoolId, settings }])
    await server.admin.send(new UpdateUserPoolCommand({ UserPoolId, UserPoolTier: 'PLUS' }))
    await server.admin.send(new UpdateUserPoolCommand({ UserPoolId, KeyConfiguration, UserPoolTier: 'PLUS' }))
    await signIn(server, ClientId, 'ann')
    expect(notices().slice(1)).toEqual([{ pool: UserPoolId, settings }])
  })

  it('tells of app clients, too, and of nothing that is in effect', async () => {
    await server.admin.send(
      new UpdateUserPoolClientCommand({
        UserPoolId,
        ClientId,
        AllowedOAuthFlows: ['code'],
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthScopes: ['openid'],
        CallbackURLs: ['https://example.com/'],
        AnalyticsConfiguration: { ApplicationArn: 'arn:aws:mobiletargeting:us-east-1:123456789012:apps/a' },
      }),
    )
    await signIn(server, ClientId, 'ann').catch(() => undefined)
    expect(notices()).toEqual([{ pool: UserPoolId, client: ClientId, settings: ['AnalyticsConfiguration'] }])
  })
})
