// USER_AUTH with TARGET_ACR_VALUES and ACCESS_TOKEN: what an earlier sign-in has proven counts for a higher level.
import {
  AdminInitiateAuthCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  type InitiateAuthCommandOutput,
  SetUserMFAPreferenceCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { responder } from '../../../../test/challenges.ts'
import {
  ALL_FLOWS,
  claimsOf,
  expectRefusal,
  makeClient,
  makeUser,
  PASSWORD,
  signIn,
  useTestServer,
} from '../../../../test/harness.ts'
import { codeOf, giveToken, poolWith, STEP_MS, TOTP } from '../../../../test/second-factors.ts'

const [LOW, HIGH] = ['urn:cognito:loa:1', 'urn:cognito:loa:4']

describe('a step up by ACCESS_TOKEN', () => {
  const server = useTestServer()
  let at: { poolId: string; clientId: string }
  let otherClient: string
  let secret: string
  beforeAll(async () => {
    const { poolId } = await poolWith(server, { MfaConfiguration: 'OPTIONAL', ...TOTP })
    const client = { ExplicitAuthFlows: [...ALL_FLOWS, 'ALLOW_USER_AUTH' as const] }
    at = { poolId, clientId: (await makeClient(server, poolId, client)).ClientId }
    otherClient = (await makeClient(server, poolId, client)).ClientId
    for (const name of ['ann', 'bob']) await makeUser(server, poolId, name)
    secret = await giveToken(server, at.clientId, 'ann')
    // The app is set up, and asked for by nobody but who asks for a level.
    const { AccessToken } = await lowSignIn()
    await server.app.send(
      new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings: { Enabled: false } }),
    )
  })

  const begin = (
    parameters: Record<string, string>,
    USERNAME = 'ann',
    ClientId = at.clientId,
  ): Promise<InitiateAuthCommandOutput> =>
    server.app.send(
      new InitiateAuthCommand({ AuthFlow: 'USER_AUTH', ClientId, AuthParameters: { USERNAME, ...parameters } }),
    )
  const respond = (...answer: Parameters<ReturnType<typeof responder>>) => responder(server, at)(...answer)
  const password = { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD }
  const answerCode = async ({ ChallengeName, Session }: InitiateAuthCommandOutput) => {
    expect(ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
    server.clock.advance(STEP_MS)
    const SOFTWARE_TOKEN_MFA_CODE = codeOf(secret, server.clock.now())
    return (await respond('SOFTWARE_TOKEN_MFA', { USERNAME: 'ann', SOFTWARE_TOKEN_MFA_CODE }, Session))
      .AuthenticationResult
  }
  async function lowSignIn(name = 'ann', client = at.clientId): Promise<{ AccessToken: string }> {
    const first = await begin({ ...password, TARGET_ACR_VALUES: LOW }, name, client)
    const result = first.AuthenticationResult ?? (await answerCode(first))
    return { AccessToken: result?.AccessToken as string }
  }

  it('asks for what is missing alone, and gives new tokens of the level', async () => {
    const { AccessToken: ACCESS_TOKEN } = await lowSignIn()
    expect(claimsOf(ACCESS_TOKEN)).toMatchObject({ acr: LOW })
    const tokens = await answerCode(await begin({ TARGET_ACR_VALUES: HIGH, ACCESS_TOKEN, MAX_AGE: '300' }))
    for (const token of [tokens?.AccessToken, tokens?.IdToken])
      expect(claimsOf(token as string)).toMatchObject({ acr: HIGH, amr: ['pwd', 'otp', 'mfa'] })
    expect(tokens?.RefreshToken).toBeDefined()
    const byAdmin = await server.admin.send(
      new AdminInitiateAuthCommand({
        UserPoolId: at.poolId,
        ClientId: at.clientId,
        AuthFlow: 'USER_AUTH',
        AuthParameters: { USERNAME: 'ann', TARGET_ACR_VALUES: HIGH, ACCESS_TOKEN },
      }),
    )
    expect(byAdmin.ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
  })

  it('begins anew when the sign-in is older than MAX_AGE, or says nothing of its methods', async () => {
    const { AccessToken: ACCESS_TOKEN } = await lowSignIn()
    server.clock.advance(61_000)
    const wanted = { TARGET_ACR_VALUES: HIGH, MAX_AGE: '60' }
    expect((await begin({ ...wanted, ACCESS_TOKEN })).ChallengeName).toBe('SELECT_CHALLENGE')
    const plain = await signIn(server, at.clientId, 'ann')
    expect((await begin({ ...wanted, ACCESS_TOKEN: plain.AccessToken })).ChallengeName).toBe('SELECT_CHALLENGE')
  })

  it('begins anew where the token alone would be enough: it never gives tokens for a token', async () => {
    const { AccessToken: ACCESS_TOKEN } = await lowSignIn()
    const tokens = await answerCode(await begin({ TARGET_ACR_VALUES: HIGH, ACCESS_TOKEN }))
    for (const [wanted, token] of [
      [LOW, ACCESS_TOKEN],
      [LOW, tokens?.AccessToken as string],
      [HIGH, tokens?.AccessToken as string],
    ] as const) {
      const anew = await begin({ TARGET_ACR_VALUES: wanted, ACCESS_TOKEN: token })
      expect(anew.ChallengeName).toBe('SELECT_CHALLENGE')
      expect(anew).not.toHaveProperty('AuthenticationResult')
    }
  })

  it('refuses tokens of other users and app clients, ended ones, and one without a level', async () => {
    const own = await lowSignIn()
    const TARGET_ACR_VALUES = HIGH
    for (const { AccessToken } of [await lowSignIn('bob'), await lowSignIn('ann', otherClient)])
      await expectRefusal(
        begin({ TARGET_ACR_VALUES, ACCESS_TOKEN: AccessToken }),
        'NotAuthorizedException',
        'Invalid Access Token',
      )
    await expectRefusal(
      begin({ ACCESS_TOKEN: own.AccessToken }),
      'InvalidParameterException',
      'ACCESS_TOKEN is only good with TARGET_ACR_VALUES',
    )
    await server.app.send(new GlobalSignOutCommand(own))
    await expectRefusal(
      begin({ TARGET_ACR_VALUES, ACCESS_TOKEN: own.AccessToken }),
      'NotAuthorizedException',
      'Access Token has been revoked',
    )
  })
})
