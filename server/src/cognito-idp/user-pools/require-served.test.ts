// What a pool's settings name and nothing carries out yet: plans apply, the log says so once, and what a trigger would have
// decided is refused.
import {
  AdminInitiateAuthCommand,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
  type LambdaConfigType,
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

  const setTriggers = (LambdaConfig: LambdaConfigType) =>
    server.admin.send(new UpdateUserPoolCommand({ UserPoolId, LambdaConfig }))
  const notices = () =>
    lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === 'settings are stored and not in effect yet')
      .map(({ pool, client, settings }) => ({ pool, client, settings }))
  const missing = (trigger: string) => ({
    name: 'NotImplementedException',
    message: `Cognomen does not implement the trigger ${trigger}, which this user pool names (LambdaConfig) yet; see docs/compatibility.md.`,
    $metadata: expect.objectContaining({ httpStatusCode: 501, attempts: 1 }),
  })
  const signUp = (Username: string) =>
    server.app.send(new SignUpCommand({ ClientId, Username, Password: PASSWORD, UserAttributes: [] }))
  const signInAs = (USERNAME: string, PASSWORD_: string) =>
    server.app.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME, PASSWORD: PASSWORD_ },
      }),
    )
  const refresh = (RefreshToken: string) =>
    server.app.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }))
  const refreshByFlow = (REFRESH_TOKEN: string) =>
    server.app.send(
      new InitiateAuthCommand({ ClientId, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN } }),
    )

  it('a pool with PreAuthentication lets nobody in, whoever it is and whatever the password; refreshes go on', async () => {
    const { RefreshToken } = await signIn(server, ClientId, 'ann')
    await setTriggers({ PreAuthentication: ARN })
    for (const [username, password] of [
      ['ann', PASSWORD],
      ['ann', 'Wr0ng!password'],
      ['nobody', PASSWORD],
    ] as const)
      await expect(signInAs(username, password)).rejects.toMatchObject(missing('PreAuthentication'))
    const AuthParameters = { USERNAME: 'ann', PASSWORD }
    await expect(
      server.admin.send(
        new AdminInitiateAuthCommand({ UserPoolId, ClientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', AuthParameters }),
      ),
    ).rejects.toMatchObject(missing('PreAuthentication'))
    expect((await refresh(RefreshToken)).AuthenticationResult?.AccessToken).toBeDefined()
    expect((await refreshByFlow(RefreshToken)).AuthenticationResult?.AccessToken).toBeDefined()
  })

  it('the others refuse nothing; the log names all of them once, and again when they change', async () => {
    const LambdaConfig = {
      PostAuthentication: ARN,
      InboundFederation: { LambdaVersion: 'V1_0', LambdaArn: ARN },
    } as const
    await server.admin.send(new UpdateUserPoolCommand({ UserPoolId, LambdaConfig, UserPoolTier: 'PLUS' }))
    const settings = ['LambdaConfig.PostAuthentication', 'LambdaConfig.InboundFederation']
    await signUp('bob')
    await signIn(server, ClientId, 'ann')
    await signIn(server, ClientId, 'ann')
    expect(notices()).toEqual([{ pool: UserPoolId, settings }])
    await server.admin.send(
      new UpdateUserPoolCommand({
        UserPoolId,
        UserPoolTier: 'PLUS',
        UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
      }),
    )
    await signIn(server, ClientId, 'ann')
    expect(notices().slice(1)).toEqual([{ pool: UserPoolId, settings: ['UserPoolAddOns.AdvancedSecurityMode'] }])
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
      }),
    )
    await signIn(server, ClientId, 'ann').catch(() => undefined)
    expect(notices()).toEqual([{ pool: UserPoolId, client: ClientId, settings: ['AllowedOAuthFlows'] }])
  })
})
