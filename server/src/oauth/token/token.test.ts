import { beforeAll, describe, expect, it } from 'vitest'
import { claimsOf, useTestServer } from '../../../test/harness.ts'
import {
  type App,
  appIn,
  CHALLENGE,
  makeApp,
  makeUser,
  redeem,
  signInByPage,
  tokenCall,
  VERIFIER,
} from '../../../test/oauth.ts'

const server = useTestServer()
let app: App
let confidential: App
beforeAll(async () => {
  app = await makeApp(server)
  confidential = await appIn(server, app.poolId, { GenerateSecret: true })
})

const basic = (id: string, secret: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
})

describe('a client proves itself', () => {
  const refresh = { grant_type: 'refresh_token', refresh_token: 'x' }
  const outcome = async (form: Record<string, string>, headers?: Record<string, string>) => {
    const { status, json } = await tokenCall(confidential, { ...refresh, ...form }, headers)
    return [status, json['error']]
  }

  it('by its secret in the header or the body', async () => {
    const { clientId, secret = '' } = confidential
    // The client is known: what is refused is its token.
    expect(await outcome({ client_id: clientId, client_secret: secret })).toEqual([400, 'invalid_grant'])
    expect(await outcome({}, basic(clientId, secret))).toEqual([400, 'invalid_grant'])
    expect(await outcome({}, basic(encodeURIComponent(clientId), encodeURIComponent(secret)))).toEqual([
      400,
      'invalid_grant',
    ])
    expect(await outcome({ client_id: clientId, client_secret: secret }, basic(clientId, secret))).toEqual([
      400,
      'invalid_grant',
    ])
  })

  it('or is refused, the same for a client that does not exist', async () => {
    const { clientId, secret = '' } = confidential
    for (const [form, headers] of [
      [{}, {}],
      [{ client_id: clientId }, {}],
      [{ client_id: clientId, client_secret: 'wrong' }, {}],
      [{ client_id: 'nobody', client_secret: secret }, {}],
      [{ client_id: app.clientId, client_secret: secret }, {}],
      [{}, basic(clientId, 'wrong')],
      [{}, basic('nobody', secret)],
      [{}, { authorization: 'Basic !' }],
      [{}, { authorization: `Bearer ${secret}` }],
    ] as const)
      expect([form, headers, await outcome(form, headers)]).toEqual([form, headers, [400, 'invalid_client']])
    expect(await outcome({ client_id: app.clientId }, basic(clientId, secret))).toEqual([400, 'invalid_request'])
    const other = await makeApp(server, { client: { GenerateSecret: true } })
    expect(await outcome({ client_id: other.clientId, client_secret: other.secret ?? '' })).toEqual([
      400,
      'invalid_client',
    ])
  })
})

it('refuses what is no request of a grant', async () => {
  const { clientId: client_id } = app
  const outcome = async (form: Record<string, string> | string) => (await tokenCall(app, form)).json['error']
  expect(await outcome({ client_id })).toBe('invalid_request')
  expect(await outcome({ client_id, grant_type: 'password' })).toBe('unsupported_grant_type')
  expect(await outcome({ client_id, grant_type: 'constructor' })).toBe('unsupported_grant_type')
  expect(await outcome({ client_id, grant_type: 'client_credentials' })).toBe('unauthorized_client')
  expect(await outcome({ client_id, grant_type: 'authorization_code' })).toBe('invalid_request')
  expect(await outcome({ client_id, grant_type: 'refresh_token' })).toBe('invalid_request')
  expect(await outcome(`client_id=${client_id}&grant_type=refresh_token&grant_type=refresh_token`)).toBe(
    'invalid_request',
  )
  const json = await fetch(`${app.base}/oauth2/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  expect([json.status, await json.json()]).toMatchObject([400, { error: 'invalid_request' }])
  const get = await fetch(`${app.base}/oauth2/token`)
  expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST'])
})

describe('a code', () => {
  const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }

  it('is refused to another client, another redirect URI and another verifier, and is good after that', async () => {
    const answered = await signInByPage(app, await makeUser(app), pkce)
    const other = await appIn(server, app.poolId)
    for (const [form, error] of [
      [{ code_verifier: 'b'.repeat(43) }, 'invalid_grant'],
      [{}, 'invalid_grant'],
      [{ code_verifier: 'short' }, 'invalid_grant'],
      [{ code_verifier: VERIFIER, client_id: other.clientId }, 'invalid_grant'],
      [{ code_verifier: VERIFIER, redirect_uri: 'myapp://callback' }, 'unauthorized_client'],
      [{ code_verifier: VERIFIER, resource: 'https://api.example.com' }, 'invalid_target'],
    ] as const)
      expect([form, (await redeem(app, answered, form)).json['error']]).toEqual([form, error])
    expect((await redeem(app, answered, { code_verifier: VERIFIER })).status).toBe(200)
  })

  it('without a challenge is refused to whoever has a verifier', async () => {
    const answered = await signInByPage(app, await makeUser(app))
    expect((await redeem(app, answered, { code_verifier: VERIFIER })).json).toEqual({ error: 'invalid_grant' })
  })

  it('is good for five minutes', async () => {
    const answered = await signInByPage(app, await makeUser(app))
    server.clock.advance(5 * 60_000 + 1)
    expect((await redeem(app, answered)).json).toEqual({ error: 'invalid_grant' })
  })

  it('of a client with a secret needs it', async () => {
    const answered = await signInByPage(confidential, await makeUser(app))
    expect((await redeem(confidential, answered)).json['error']).toBe('invalid_client')
    const { status } = await redeem(confidential, answered, { client_secret: confidential.secret ?? '' })
    expect(status).toBe(200)
  })

  it('gives no ID token without openid', async () => {
    const answered = await signInByPage(app, await makeUser(app), { scope: 'aws.cognito.signin.user.admin' })
    const { json } = await redeem(app, answered)
    expect(Object.keys(json).sort()).toEqual(['access_token', 'expires_in', 'refresh_token', 'token_type'])
  })
})

describe('a refresh', () => {
  it('may ask for less, and for nothing more', async () => {
    const answered = await signInByPage(app, await makeUser(app), { scope: 'openid email' })
    const { json } = await redeem(app, answered)
    const refresh = (scope?: string) =>
      tokenCall(app, {
        grant_type: 'refresh_token',
        client_id: app.clientId,
        refresh_token: json['refresh_token'] as string,
        ...(scope && { scope }),
      })
    expect(claimsOf((await refresh('openid')).json['access_token'] as string)).toMatchObject({ scope: 'openid' })
    expect((await refresh('openid phone')).json).toEqual({ error: 'invalid_scope' })
    expect(claimsOf((await refresh()).json['access_token'] as string)).toMatchObject({ scope: 'openid email' })
  })

  it('is for the API of the sign-in alone, also where it names it', async () => {
    const username = await makeUser(app)
    const [resource, other] = ['https://api.example.com', 'https://other.example.com']
    const bound = (await redeem(app, await signInByPage(app, username, { resource }))).json['refresh_token'] as string
    const free = (await redeem(app, await signInByPage(app, username))).json['refresh_token'] as string
    const refresh = async (refresh_token: string, form: Record<string, string> = {}) => {
      const { json } = await tokenCall(app, {
        grant_type: 'refresh_token',
        client_id: app.clientId,
        refresh_token,
        ...form,
      })
      return json['error'] ?? claimsOf(json['access_token'] as string)['aud'] ?? 'any'
    }
    expect([await refresh(bound), await refresh(bound, { resource })]).toEqual([resource, resource])
    expect([await refresh(bound, { resource: other }), await refresh(free, { resource: other })]).toEqual([
      'invalid_target',
      'invalid_target',
    ])
    expect(await refresh(free)).toBe('any')
  })

  it('rotates the token where the client wants it, and ends the sign-in when an old one comes back', async () => {
    const rotating = await appIn(server, app.poolId, {
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
    })
    const { json } = await redeem(rotating, await signInByPage(rotating, await makeUser(app)))
    const refresh = (refresh_token: string) =>
      tokenCall(rotating, { grant_type: 'refresh_token', client_id: rotating.clientId, refresh_token })
    const first = json['refresh_token'] as string
    const second = (await refresh(first)).json['refresh_token'] as string
    expect(second).toBeTruthy()
    expect((await refresh(first)).json).toEqual({ error: 'invalid_grant' })
    expect((await refresh(second)).json).toEqual({ error: 'invalid_grant' })
  })

  it('is refused to another client, and after a sign-out everywhere', async () => {
    const username = await makeUser(app)
    const { json } = await redeem(app, await signInByPage(app, username))
    const other = await appIn(server, app.poolId)
    const refresh = (client_id: string) =>
      tokenCall(app, { grant_type: 'refresh_token', client_id, refresh_token: json['refresh_token'] as string })
    expect((await refresh(other.clientId)).json).toEqual({ error: 'invalid_grant' })
    const { AdminUserGlobalSignOutCommand } = await import('@aws-sdk/client-cognito-identity-provider')
    await server.admin.send(new AdminUserGlobalSignOutCommand({ UserPoolId: app.poolId, Username: username }))
    expect((await refresh(app.clientId)).json).toEqual({ error: 'invalid_grant' })
  })
})

it('answers scripts of every origin', async () => {
  const response = await fetch(`${app.base}/oauth2/token`, {
    method: 'OPTIONS',
    headers: { origin: 'https://a.example' },
  })
  expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
  const { headers } = await tokenCall(app, { grant_type: 'refresh_token' })
  expect(headers.get('access-control-allow-origin')).toBe('*')
  expect(
    (await fetch(`${app.base}/login`, { method: 'OPTIONS' })).headers.get('access-control-allow-origin'),
  ).toBeNull()
})

describe('with a limit for each address', () => {
  const limited = useTestServer({ env: { PUBLIC_CALLS_PER_MINUTE: '60', TRUSTED_PROXIES: '127.0.0.1' } })

  it('guesses at secrets are few, and calls that are right have no limit', async () => {
    const own = await makeApp(limited, { client: { GenerateSecret: true } })
    const from = { 'x-forwarded-for': '203.0.113.7' }
    const guess = { client_id: own.clientId, client_secret: 'wrong', grant_type: 'refresh_token', refresh_token: 'x' }
    const outcomes = []
    for (let at = 0; at < 6; at++) outcomes.push((await tokenCall(own, guess, from)).status)
    expect(outcomes).toEqual([400, 400, 400, 429, 429, 429])
    const answered = await signInByPage(own, await makeUser(own))
    const client_secret = own.secret ?? ''
    const { json } = await redeem(own, answered, { client_secret })
    const refresh = { grant_type: 'refresh_token', client_id: own.clientId, client_secret }
    for (let at = 0; at < 5; at++) {
      const call = tokenCall(own, { ...refresh, refresh_token: json['refresh_token'] as string }, from)
      expect((await call).status).toBe(200)
    }
  })
})
