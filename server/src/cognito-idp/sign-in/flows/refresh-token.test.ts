import {
  AdminDisableUserCommand,
  type AuthFlowType,
  InitiateAuthCommand,
  UpdateUserPoolClientCommand,
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
  usePool,
  useTestServer,
} from '../../../../test/harness.ts'
import { computeSecretHash } from '../../../crypto/secret-hash.ts'

describe.each(engines)('REFRESH_TOKEN_AUTH on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server)
  let sub: string

  beforeAll(async () => {
    sub = await makeUser(server, at.poolId, 'ann', { email: 'ann@example.com', email_verified: 'true', name: 'Ann' })
  })

  const begin = (AuthFlow: AuthFlowType, AuthParameters: Record<string, string>, ClientId = at.clientId) =>
    server.app.send(new InitiateAuthCommand({ AuthFlow, ClientId, AuthParameters }))
  const withPassword = (USERNAME: string, PASSWORD: string, ClientId = at.clientId) =>
    begin('USER_PASSWORD_AUTH', { USERNAME, PASSWORD }, ClientId)

  const refresh = (
    REFRESH_TOKEN: string,
    ClientId = at.clientId,
    more: Record<string, string> = {},
    flow: AuthFlowType = 'REFRESH_TOKEN_AUTH',
  ) => begin(flow, { REFRESH_TOKEN, ...more }, ClientId)
  const newToken = async (ClientId = at.clientId): Promise<string> =>
    (await withPassword('ann', PASSWORD, ClientId)).AuthenticationResult?.RefreshToken as string

  it.each(['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN'] as const)(
    '%s gives new tokens of the same sign-in, and no refresh token',
    async (flow) => {
      const first = (await withPassword('ann', PASSWORD)).AuthenticationResult
      server.clock.advance(5000)
      const { AuthenticationResult } = await refresh(first?.RefreshToken as string, at.clientId, {}, flow)
      expect(AuthenticationResult?.RefreshToken).toBeUndefined()
      const [before, after] = [
        claimsOf(first?.AccessToken as string),
        claimsOf(AuthenticationResult?.AccessToken as string),
      ]
      for (const claim of ['origin_jti', 'event_id', 'auth_time', 'sub']) expect(after[claim]).toBe(before[claim])
      expect(after.jti).not.toBe(before.jti)
      expect(after.iat as number).toBeGreaterThan(before.iat as number)
    },
  )

  it('refuses what is no refresh token of this client', async () => {
    const token = await newToken()
    const tokens = (await withPassword('ann', PASSWORD)).AuthenticationResult
    const other = await makeClient(server, at.poolId)
    const flipped = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A')
    for (const wrong of [
      'invented',
      flipped,
      tokens?.AccessToken as string,
      tokens?.IdToken as string,
      `${token}x`,
      token.replace('..', '.x.'),
    ]) {
      await expectRefusal(refresh(wrong), 'NotAuthorizedException', 'Invalid Refresh Token')
    }
    await expectRefusal(refresh(token, other.ClientId), 'NotAuthorizedException', 'Invalid Refresh Token')
  })

  it('refuses an expired token', async () => {
    const { ClientId } = await makeClient(server, at.poolId, {
      RefreshTokenValidity: 60,
      AccessTokenValidity: 5,
      IdTokenValidity: 5,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
    })
    const token = await newToken(ClientId)
    server.clock.advance(60 * 60 * 1000 + 1)
    await expectRefusal(refresh(token, ClientId), 'NotAuthorizedException', 'Refresh Token has expired')
  })

  it('refuses a disabled user', async () => {
    await makeUser(server, at.poolId, 'leaves')
    const { AuthenticationResult } = await withPassword('leaves', PASSWORD)
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId: at.poolId, Username: 'leaves' }))
    await expectRefusal(
      refresh(AuthenticationResult?.RefreshToken as string),
      'NotAuthorizedException',
      'User is disabled.',
    )
  })

  it('needs SECRET_HASH over username or sub where the client has a secret', async () => {
    const { ClientId, ClientSecret = '' } = await makeClient(server, at.poolId, { GenerateSecret: true })
    const SECRET_HASH = (name: string) => ({ SECRET_HASH: computeSecretHash(ClientSecret, name, ClientId) })
    const token = (await begin('USER_PASSWORD_AUTH', { USERNAME: 'ann', PASSWORD, ...SECRET_HASH('ann') }, ClientId))
      .AuthenticationResult?.RefreshToken as string
    expect((await refresh(token, ClientId, SECRET_HASH('ann'))).AuthenticationResult).toBeDefined()
    expect((await refresh(token, ClientId, SECRET_HASH(sub))).AuthenticationResult).toBeDefined()
    await expectRefusal(
      refresh(token, ClientId, SECRET_HASH('bob')),
      'NotAuthorizedException',
      `Unable to verify secret hash for client ${ClientId}`,
    )
    await makeUser(server, at.poolId, 'bob')
    for (const USERNAME of ['bob', 'nobody', 'ann@example.com'])
      await expectRefusal(
        refresh(token, ClientId, { USERNAME, ...SECRET_HASH(USERNAME) }),
        'NotAuthorizedException',
        `Unable to verify secret hash for client ${ClientId}`,
      )
    await expectRefusal(
      refresh(token, ClientId),
      'NotAuthorizedException',
      `Client ${ClientId} is configured with secret but SECRET_HASH was not received`,
    )
  })

  it('takes SECRET_HASH over an alias of the user that it names as USERNAME', async () => {
    const pool = await makePool(server, { AliasAttributes: ['email'] })
    const { ClientId, ClientSecret = '' } = await makeClient(server, pool.Id, { GenerateSecret: true })
    const named = (USERNAME: string) => ({
      USERNAME,
      SECRET_HASH: computeSecretHash(ClientSecret, USERNAME, ClientId),
    })
    for (const name of ['zoe', 'bob'])
      await makeUser(server, pool.Id, name, { email: `${name}@example.com`, email_verified: 'true' })
    const signedIn = await begin('USER_PASSWORD_AUTH', { PASSWORD, ...named('zoe@example.com') }, ClientId)
    const token = signedIn.AuthenticationResult?.RefreshToken as string
    expect((await refresh(token, ClientId, named('zoe@example.com'))).AuthenticationResult).toBeDefined()
    await expectRefusal(refresh(token, ClientId, named('bob@example.com')), 'NotAuthorizedException')
  })

  it('is for clients whose tokens do not rotate', async () => {
    const { ClientId } = await makeClient(server, at.poolId, {
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    })
    const token = await newToken(ClientId)
    await server.admin.send(
      new UpdateUserPoolClientCommand({
        UserPoolId: at.poolId,
        ClientId,
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      }),
    )
    await expectRefusal(
      refresh(token, ClientId),
      'InvalidParameterException',
      'REFRESH_TOKEN_AUTH flow not enabled for this client',
    )
  })

  it('gives tokens with the present attributes of the user', async () => {
    const { AdminUpdateUserAttributesCommand, AdminAddUserToGroupCommand, CreateGroupCommand } = await import(
      '@aws-sdk/client-cognito-identity-provider'
    )
    await makeUser(server, at.poolId, 'changes', { name: 'Before' })
    const { AuthenticationResult } = await withPassword('changes', PASSWORD)
    await server.admin.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: at.poolId,
        Username: 'changes',
        UserAttributes: [{ Name: 'name', Value: 'After' }],
      }),
    )
    for (const [GroupName, Precedence, RoleArn] of [
      ['staff', 5, 'arn:aws:iam::000000000000:role/staff'],
      ['boss', 1, 'arn:aws:iam::000000000000:role/boss'],
    ] as const) {
      await server.admin.send(new CreateGroupCommand({ UserPoolId: at.poolId, GroupName, Precedence, RoleArn }))
      await server.admin.send(new AdminAddUserToGroupCommand({ UserPoolId: at.poolId, Username: 'changes', GroupName }))
    }
    const refreshed = (await refresh(AuthenticationResult?.RefreshToken as string)).AuthenticationResult
    expect(claimsOf(refreshed?.IdToken as string)).toMatchObject({
      name: 'After',
      'cognito:groups': ['boss', 'staff'],
      'cognito:roles': ['arn:aws:iam::000000000000:role/boss', 'arn:aws:iam::000000000000:role/staff'],
      'cognito:preferred_role': 'arn:aws:iam::000000000000:role/boss',
    })
    expect(claimsOf(refreshed?.AccessToken as string)).toMatchObject({ 'cognito:groups': ['boss', 'staff'] })
  })
})
