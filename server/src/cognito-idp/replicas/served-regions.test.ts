// What the secondary region of a user pool serves, by clients whose address and signature name it.
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AssociateSoftwareTokenCommand,
  ChangePasswordCommand,
  CreateUserPoolDomainCommand,
  DescribeUserPoolClientCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  SetUserPoolMfaConfigCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
  UpdateUserPoolReplicaCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  claimsOf,
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  type TestServer,
  useTestServer,
} from '../../../test/harness.ts'
import {
  type App,
  makeApp,
  makeFactorApp,
  makeUser as makePageUser,
  PASSWORD as PAGE_PASSWORD,
  passwordPage,
  redeem,
  signInByPage,
  tokenCall,
} from '../../../test/oauth.ts'
import { Browser } from '../../../test/page-walker.ts'
import { call, sendRaw } from '../../../test/refusals/raw-request.ts'
import { inRegion, promote, replicate, SECOND } from '../../../test/regions.ts'
import { EMAIL, TOTP } from '../../../test/second-factors.ts'

const WRITE = /^This operation is not enabled in eu-west-1, where the user pool is a secondary replica/

describe.each(engines)('on %s', (engine) => {
  const server = useTestServer({ engine, env: { FURTHER_REGIONS: SECOND } })
  let second: TestServer
  let app: App
  let there: App
  let UserPoolId: string
  let ClientId: string
  beforeAll(async () => {
    second = inRegion(server, SECOND)
    const ExplicitAuthFlows = [
      'ALLOW_USER_PASSWORD_AUTH',
      'ALLOW_ADMIN_USER_PASSWORD_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
    ] as const
    app = await makeApp(server, { client: { ExplicitAuthFlows: [...ExplicitAuthFlows] } })
    there = { ...app, server: second, base: `${second.publicUrl}/${app.poolId}` }
    UserPoolId = app.poolId
    ClientId = app.clientId
    await makeUser(server, UserPoolId, 'ada')
    await replicate(server, UserPoolId)
  })

  it('an active replica signs users in, refreshes, and shows them', async () => {
    const { AccessToken, RefreshToken } = await signIn(second, ClientId, 'ada')
    expect((await second.app.send(new GetUserCommand({ AccessToken }))).Username).toBe('ada')
    // Tokens of one region are good in the other.
    expect((await server.app.send(new GetUserCommand({ AccessToken }))).Username).toBe('ada')
    const refreshed = await second.app.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }))
    expect(refreshed.AuthenticationResult?.AccessToken).toBeDefined()
    const AuthParameters = { USERNAME: 'ada', PASSWORD }
    const signedIn = await second.admin.send(
      new AdminInitiateAuthCommand({ UserPoolId, ClientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH', AuthParameters }),
    )
    expect(signedIn.AuthenticationResult?.IdToken).toBeDefined()
    const { Users } = await second.admin.send(new ListUsersCommand({ UserPoolId }))
    expect(Users?.map(({ Username }) => Username)).toContain('ada')
    await second.app.send(new GlobalSignOutCommand({ AccessToken }))
    await expectRefusal(server.app.send(new GetUserCommand({ AccessToken })), 'NotAuthorizedException')
  })

  it('refuses what changes users and settings, and changes nothing', async () => {
    const { AccessToken } = await signIn(second, ClientId, 'ada')
    const UserAttributes = [{ Name: 'name', Value: 'Ada' }]
    for (const refused of [
      () => second.app.send(new SignUpCommand({ ClientId, Username: 'new', Password: PASSWORD })),
      () => second.app.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes })),
      () =>
        second.app.send(
          new ChangePasswordCommand({ AccessToken, PreviousPassword: PASSWORD, ProposedPassword: `${PASSWORD}2` }),
        ),
      () => second.admin.send(new AdminCreateUserCommand({ UserPoolId, Username: 'new' })),
    ])
      await expectRefusal(refused(), 'OperationNotEnabledException', WRITE)
    await expectRefusal(
      server.admin.send(new AdminGetUserCommand({ UserPoolId, Username: 'new' })),
      'UserNotFoundException',
    )
    await signIn(server, ClientId, 'ada')
  })

  it('exports nobody', async () => {
    const at = { ...second, url: server.url }
    const { json } = await call(at, 'ExportUsers', { UserPoolId, PasswordHashes: true }, { sign: true })
    expect(json).toEqual({ __type: 'OperationNotEnabledException', message: expect.stringMatching(WRITE) })
  })

  it('refuses a write also of operations that declare no error for it', async () => {
    const input = { UserPoolId, ProviderName: 'Provider', ProviderType: 'OIDC', ProviderDetails: {} }
    const { json } = await call({ ...second, url: server.url }, 'CreateIdentityProvider', input, { sign: true })
    expect(json).toEqual({ __type: 'OperationNotEnabledException', message: expect.stringMatching(WRITE) })
  })

  it('refuses to set a factor up in the middle of a sign-in, which a session alone names', async () => {
    const { Id } = await makePool(server)
    const client = await makeClient(server, Id)
    await server.admin.send(
      new SetUserPoolMfaConfigCommand({
        UserPoolId: Id,
        MfaConfiguration: 'ON',
        SoftwareTokenMfaConfiguration: { Enabled: true },
      }),
    )
    await makeUser(server, Id, 'grace')
    await replicate(server, Id)
    const { Session } = await second.app.send(
      new InitiateAuthCommand({
        ClientId: client.ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'grace', PASSWORD },
      }),
    )
    const associate = (at: TestServer) => at.app.send(new AssociateSoftwareTokenCommand({ Session }))
    await expectRefusal(associate(second), 'OperationNotEnabledException', WRITE)
    expect((await associate(server)).SecretCode).toBeDefined()
  })

  it('an inactive replica is for administrators who read, and for nobody else', async () => {
    const status = (Status: 'ACTIVE' | 'INACTIVE') =>
      second.admin.send(new UpdateUserPoolReplicaCommand({ UserPoolId, RegionName: SECOND, Status }))
    const { AccessToken } = await signIn(second, ClientId, 'ada')
    await status('INACTIVE')
    const inactive = /^This operation is not enabled in eu-west-1, where the replica of the user pool is not active/
    await expectRefusal(signIn(second, ClientId, 'ada'), 'OperationNotEnabledException', inactive)
    await expectRefusal(second.app.send(new GetUserCommand({ AccessToken })), 'OperationNotEnabledException', inactive)
    for (const path of ['/login', '/.well-known/jwks.json', '/oauth2/userInfo'])
      expect([path, (await fetch(there.base + path)).status]).toEqual([path, 404])
    expect((await second.admin.send(new AdminGetUserCommand({ UserPoolId, Username: 'ada' }))).Username).toBe('ada')
    const described = await second.admin.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))
    expect(described.UserPoolClient?.ClientId).toBe(ClientId)
    await status('ACTIVE')
    await signIn(second, ClientId, 'ada')
  })

  it('the pages and OAuth endpoints of an active replica are below its address', async () => {
    const discovered = (await (await fetch(`${there.base}/.well-known/openid-configuration`)).json()) as Record<
      string,
      string
    >
    expect(discovered).toMatchObject({
      issuer: there.base,
      authorization_endpoint: `${there.base}/oauth2/authorize`,
      jwks_uri: `${there.base}/.well-known/jwks.json`,
    })
    const keys = async (base: string) => (await fetch(`${base}/.well-known/jwks.json`)).json()
    expect(await keys(there.base)).toEqual(await keys(app.base))
    const browser = new Browser()
    const username = await makePageUser(app)
    const answered = await signInByPage(there, username, { scope: 'openid profile' }, browser)
    expect(answered.searchParams.get('iss')).toBe(there.base)
    const { status, json } = await redeem(there, answered)
    expect([status, claimsOf(json['id_token'] ?? '')['iss']]).toEqual([200, there.base])
    const userInfo = async (base: string) =>
      (await fetch(`${base}/oauth2/userInfo`, { headers: { authorization: `Bearer ${json['access_token']}` } })).json()
    expect(await userInfo(there.base)).toMatchObject({ username })
    expect(await userInfo(app.base)).toMatchObject({ username })
    const refresh = { grant_type: 'refresh_token', client_id: ClientId, refresh_token: json['refresh_token'] ?? '' }
    const refreshed = await tokenCall(app, refresh)
    expect(claimsOf(refreshed.json['id_token'] ?? '')['iss']).toBe(app.base)
  })

  it('its pages refuse what changes users', async () => {
    const query = new URLSearchParams({
      client_id: ClientId,
      redirect_uri: 'https://app.example.com/callback',
      response_type: 'code',
    })
    for (const page of ['/signup', '/forgotPassword', '/confirm']) {
      const here = await fetch(`${app.base}${page}?${query}`)
      const refused = await fetch(`${there.base}${page}?${query}`)
      expect([page, here.status, refused.status]).toEqual([page, 200, 403])
      expect(await refused.text()).toContain('secondary replica')
      const posted = await fetch(`${there.base}${page}?${query}`, {
        method: 'POST',
        body: new URLSearchParams({ username: 'x' }),
      })
      expect([page, posted.status]).toEqual([page, 403])
    }
  })

  it('its pages set no second factor up, nor does the answer to MFA_SETUP', async () => {
    for (const factors of [TOTP, EMAIL]) {
      const flows = { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH' as const] }
      const pool = { AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only' as const, Priority: 1 }] } }
      const here = await makeFactorApp(server, { MfaConfiguration: 'ON', ...factors }, { pool, client: flows })
      await replicate(server, here.poolId)
      const username = await makePageUser(here)
      const at = { ...here, server: second, base: `${second.publicUrl}/${here.poolId}` }
      const browser = new Browser()
      let page = await passwordPage(at, browser, username)
      if (factors === EMAIL) page = await browser.submit(page, { email: 'new@example.com' })
      expect(page.status).toBe(400)
      expect(page.text).not.toContain('otpauth:')
      await expect(server.outbox.latestCode('new@example.com')).rejects.toThrow('No message')
      const setUp = await passwordPage(here, new Browser(), username)
      expect([setUp.status, setUp.text.includes('otpauth:')]).toEqual([200, factors === TOTP])
      if (factors === TOTP) continue
      const { Session } = await second.app.send(
        new InitiateAuthCommand({
          ClientId: here.clientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: username, PASSWORD: PAGE_PASSWORD },
        }),
      )
      const setUpAt = (at: TestServer) =>
        at.app.send(
          new RespondToAuthChallengeCommand({
            ChallengeName: 'MFA_SETUP',
            ClientId: here.clientId,
            Session,
            ChallengeResponses: { USERNAME: username, EMAIL: 'new@example.com' },
          }),
        )
      await expectRefusal(setUpAt(second), 'OperationNotEnabledException', WRITE)
      const asked = await setUpAt(server)
      const ChallengeResponses = {
        USERNAME: username,
        EMAIL_OTP_CODE: await server.outbox.latestCode('new@example.com'),
      }
      const answerAt = (at: TestServer) =>
        at.app.send(
          new RespondToAuthChallengeCommand({
            ChallengeName: 'EMAIL_OTP',
            ClientId: here.clientId,
            Session: asked.Session,
            ChallengeResponses,
          }),
        )
      await expectRefusal(answerAt(second), 'OperationNotEnabledException', WRITE)
      expect((await answerAt(server)).AuthenticationResult).toBeDefined()
    }
  })

  it('a promotion moves the writes to the other region', async () => {
    await promote(second, UserPoolId)
    await second.app.send(new SignUpCommand({ ClientId, Username: 'grace', Password: PASSWORD }))
    await second.admin.send(new AdminCreateUserCommand({ UserPoolId, Username: 'new', MessageAction: 'SUPPRESS' }))
    await expectRefusal(
      server.admin.send(new AdminCreateUserCommand({ UserPoolId, Username: 'other' })),
      'OperationNotEnabledException',
      /in us-east-1, where/,
    )
    const first = inRegion(server, 'us-east-1')
    await expectRefusal(
      first.app.send(new SignUpCommand({ ClientId, Username: 'alan', Password: PASSWORD })),
      'OperationNotEnabledException',
    )
    await signIn(first, ClientId, 'ada')
    // An address without a region leads to the primary one.
    await server.app.send(new SignUpCommand({ ClientId, Username: 'alan', Password: PASSWORD }))
    await promote(first, UserPoolId, 'us-east-1')
  })
})

describe('a region of an address', () => {
  const server = useTestServer({ env: { FURTHER_REGIONS: SECOND } })

  it('leads to nothing where the pool is not', async () => {
    const { poolId, clientId } = await makeApp(server)
    for (const region of [SECOND, 'eu-central-1']) {
      const at = inRegion(server, region)
      await expectRefusal(
        at.app.send(
          new InitiateAuthCommand({ ClientId: clientId, AuthFlow: 'USER_AUTH', AuthParameters: { USERNAME: 'x' } }),
        ),
        'ResourceNotFoundException',
        `User pool ${poolId} does not exist.`,
      )
      await expectRefusal(
        at.app.send(new RevokeTokenCommand({ ClientId: clientId, Token: 'x' })),
        'UnauthorizedException',
      )
      const keys = await fetch(`${at.publicUrl}/${poolId}/.well-known/jwks.json`)
      expect([keys.status, await keys.json()]).toEqual([404, { message: 'User pool does not exist.' }])
    }
  })

  it('may be named by the host of the service', async () => {
    const { poolId, clientId } = await makeApp(server, { client: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] } })
    await makeUser(server, poolId, 'ada')
    await replicate(server, poolId)
    const target = 'AWSCognitoIdentityProviderService.InitiateAuth'
    const headers = [
      ['host', `cognito-idp.${SECOND}.example.com`],
      ['x-amz-target', target],
    ] as const
    const input = { ClientId: clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'ada', PASSWORD } }
    const { json } = await sendRaw(server, { headers, body: JSON.stringify(input) })
    const issuer = `${server.publicUrl}/regions/${SECOND}/${poolId}`
    expect(claimsOf((json['AuthenticationResult'] as { IdToken: string }).IdToken)['iss']).toBe(issuer)
    const path = `/${poolId}/.well-known/openid-configuration`
    const discovered = await sendRaw(server, { method: 'GET', path, headers: headers.slice(0, 1), body: '' })
    expect(discovered.json['issuer']).toBe(issuer)
  })

  it('is no domain of a pool: its host leads to every pool', async () => {
    const { poolId } = await makeApp(server)
    const thief = await makeApp(server)
    const host = `cognito-idp.${SECOND}.example.com`
    await replicate(server, poolId)
    const CustomDomainConfig = { CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/x' }
    await expectRefusal(
      server.admin.send(
        new CreateUserPoolDomainCommand({ UserPoolId: thief.poolId, Domain: host, CustomDomainConfig }),
      ),
      'InvalidParameterException',
      /^Custom domain is not a valid subdomain: it is the host of a region/,
    )
    const path = `/${poolId}/.well-known/openid-configuration`
    const { json } = await sendRaw(server, { method: 'GET', path, headers: [['host', host]], body: '' })
    expect(json['issuer']).toBe(`${server.publicUrl}/regions/${SECOND}/${poolId}`)
  })

  it('must be the one of the signature', async () => {
    const { poolId } = await makeApp(server)
    const { admin } = inRegion(server, SECOND)
    admin.config.region = async () => 'us-east-1'
    await expectRefusal(
      admin.send(new ListUsersCommand({ UserPoolId: poolId })),
      'InvalidSignatureException',
      "Credential should be scoped to a valid region, not 'us-east-1'. ",
    )
  })
})
