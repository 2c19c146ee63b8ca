import { RevokeTokenCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, expect, it } from 'vitest'
import { useTestServer } from '../../test/harness.ts'
import { type App, makeApp, makeUser, PASSWORD, redeem, signInByPage, tokenCall } from '../../test/oauth.ts'

const server = useTestServer()
let app: App
beforeAll(async () => {
  app = await makeApp(server, {
    pool: { Schema: [{ Name: 'tenant', AttributeDataType: 'String', Mutable: true }] },
    client: {
      ReadAttributes: ['email', 'email_verified', 'phone_number', 'name', 'address', 'custom:tenant'],
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    },
  })
})

const info = async (token: string | undefined, at: Pick<App, 'base'> = app) => {
  const response = await fetch(`${at.base}/oauth2/userInfo`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })
  return {
    status: response.status,
    json: (await response.json()) as Record<string, string>,
    told: response.headers.get('www-authenticate'),
  }
}

it('says what the scopes open', async () => {
  const attributes = {
    email: 'a@example.com',
    email_verified: 'true',
    phone_number: '+15550100',
    name: 'Ann',
    address: 'Here 1',
    'custom:tenant': 't1',
  }
  const username = await makeUser(app, attributes)
  const keysFor = async (scope: string) => {
    const { json } = await redeem(app, await signInByPage(app, username, { scope }))
    const { sub, username: shown, ...rest } = (await info(json['access_token'])).json
    expect([typeof sub, shown]).toEqual(['string', username])
    return Object.keys(rest).sort()
  }
  expect(await keysFor('openid email')).toEqual(['email', 'email_verified'])
  expect(await keysFor('openid phone')).toEqual(['phone_number'])
  expect(await keysFor('openid profile')).toEqual(['custom:tenant', 'name'])
  expect(await keysFor('openid')).toEqual(Object.keys(attributes).sort())
})

it('refuses what is no token of this pool with openid', async () => {
  const username = await makeUser(app)
  const { json } = await redeem(app, await signInByPage(app, username, { scope: 'openid email' }))
  const other = await makeApp(server)
  expect(await info(undefined)).toEqual({
    status: 400,
    json: { error: 'invalid_request', error_description: 'Bad OAuth2 request at UserInfo Endpoint' },
    told: 'error="invalid_request", error_description="Bad OAuth2 request at UserInfo Endpoint"',
  })
  const { InitiateAuthCommand } = await import('@aws-sdk/client-cognito-identity-provider')
  const byApi = await server.app.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: app.clientId,
      AuthParameters: { USERNAME: username, PASSWORD },
    }),
  )
  const refused = { status: 401, json: { error: 'invalid_token' } }
  expect(await info('x.y.z')).toMatchObject(refused)
  expect(await info(json['id_token'])).toMatchObject(refused)
  expect(await info(byApi.AuthenticationResult?.AccessToken)).toMatchObject(refused)
  expect(await info(json['access_token'], other)).toMatchObject(refused)
  expect((await info(json['access_token'])).status).toBe(200)
  await server.app.send(new RevokeTokenCommand({ ClientId: app.clientId, Token: json['refresh_token'] }))
  expect(await info(json['access_token'])).toMatchObject(refused)
})

it('revokes a refresh token, of its own client alone', async () => {
  const { json } = await redeem(app, await signInByPage(app, await makeUser(app)))
  const other = await makeApp(server)
  const revoke = async (at: App, form: Record<string, string>) => {
    const body = new URLSearchParams({ client_id: at.clientId, ...form })
    const response = await fetch(`${at.base}/oauth2/revoke`, { method: 'POST', body })
    return [response.status, await response.text()]
  }
  const refreshed = async () =>
    (
      await tokenCall(app, {
        grant_type: 'refresh_token',
        client_id: app.clientId,
        refresh_token: json['refresh_token'] as string,
      })
    ).status
  const token = json['refresh_token'] as string
  expect(await revoke(app, {})).toEqual([400, '{"error":"invalid_request","error_description":"token is missing"}'])
  expect(await revoke(app, { token, client_id: 'nobody' })).toEqual([401, '{"error":"invalid_client"}'])
  expect(await revoke(app, { token: json['access_token'] as string })).toEqual([
    400,
    '{"error":"unsupported_token_type"}',
  ])
  expect(await revoke(app, { token: 'anything' })).toEqual([200, ''])
  expect(await revoke(other, { token })).toEqual([200, ''])
  expect(await refreshed()).toBe(200)
  expect(await revoke(app, { token })).toEqual([200, ''])
  expect(await revoke(app, { token })).toEqual([200, ''])
  expect(await refreshed()).toBe(400)
})

it('refuses a request that shows a token in two ways, or two of them (RFC 6750 2, 3.1)', async () => {
  const { json } = await redeem(app, await signInByPage(app, await makeUser(app), { scope: 'openid' }))
  const token = json['access_token'] as string
  const post = async (body: [string, string][], headers: Record<string, string> = {}) =>
    (await fetch(`${app.base}/oauth2/userInfo`, { method: 'POST', body: new URLSearchParams(body), headers })).status
  const once: [string, string] = ['access_token', token]
  expect([
    await post([once]),
    await post([], { authorization: `Bearer ${token}` }),
    await post([once], { authorization: `Bearer ${token}` }),
    await post([once, once]),
  ]).toEqual([200, 200, 400, 400])
})
