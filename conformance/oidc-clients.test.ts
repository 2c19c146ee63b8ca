// OpenID Connect client libraries, unchanged, against a user pool's own pages: each signs a user in, refreshes, reads userInfo
// and signs out, as its documentation says.

import { Auth } from '@auth/core'
import Cognito from '@auth/core/providers/cognito'
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { InMemoryWebStorage, OidcClient, WebStorageStateStore } from 'oidc-client-ts'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser, leaving } from '../server/test/page-walker.ts'
import { type StartedServer, startServer } from './start-server.ts'
import { adminClient } from './user-pool.ts'

const PASSWORD = 'Correct-horse-1'
const CALLBACK = 'http://localhost:3999/callback'
const AUTHJS_CALLBACK = 'http://localhost:3999/auth/callback/cognito'
const GOODBYE = 'http://localhost:3999/goodbye'
const EMAIL = 'ann@example.com'

let server: StartedServer
let issuer: string
let app: { id: string; secret: string }
let spa: string

beforeAll(async () => {
  server = await startServer()
  const admin = adminClient(server)
  const { UserPool } = await admin.send(new CreateUserPoolCommand({ PoolName: 'clients' }))
  const UserPoolId = UserPool?.Id as string
  issuer = `${server.url}/${UserPoolId}`
  const client = async (GenerateSecret: boolean) => {
    const made = await admin.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: 'app',
        GenerateSecret,
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ['code'],
        AllowedOAuthScopes: ['openid', 'email', 'profile'],
        CallbackURLs: [CALLBACK, AUTHJS_CALLBACK],
        LogoutURLs: [GOODBYE],
        SupportedIdentityProviders: ['COGNITO'],
      }),
    )
    return { id: made.UserPoolClient?.ClientId as string, secret: made.UserPoolClient?.ClientSecret ?? '' }
  }
  app = await client(true)
  spa = (await client(false)).id
  const UserAttributes = [
    { Name: 'email', Value: EMAIL },
    { Name: 'email_verified', Value: 'true' },
  ]
  await admin.send(
    new AdminCreateUserCommand({ UserPoolId, Username: 'ann', UserAttributes, MessageAction: 'SUPPRESS' }),
  )
  await admin.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username: 'ann', Password: PASSWORD, Permanent: true }),
  )
})
afterAll(() => server.stop())

/** A person at the sign-in page; resolves with the address of the application that the browser comes back to. */
async function signIn(url: string | URL, browser = new Browser()): Promise<URL> {
  const page = await browser.get(url)
  return leaving(browser.submit(page, { username: 'ann', password: PASSWORD }))
}

test('openid-client', async () => {
  const config = await oidc.discovery(new URL(issuer), app.id, app.secret, undefined, {
    execute: [oidc.allowInsecureRequests],
  })
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
  const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()]
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: 'openid email',
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
    max_age: '300',
  })
  const browser = new Browser()
  const answered = await signIn(url, browser)
  const tokens = await oidc.authorizationCodeGrant(config, answered, {
    pkceCodeVerifier,
    expectedState,
    expectedNonce,
    maxAge: 300,
  })
  const claims = tokens.claims()
  expect(claims).toMatchObject({ email: EMAIL, iss: issuer, aud: app.id })
  const info = await oidc.fetchUserInfo(config, tokens.access_token, claims?.sub as string)
  expect(info).toMatchObject({ email: EMAIL, username: 'ann' })
  const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token as string)
  expect(renewed.claims()).toMatchObject({ sub: claims?.sub })
  await oidc.tokenRevocation(config, tokens.refresh_token as string)
  await expect(oidc.refreshTokenGrant(config, tokens.refresh_token as string)).rejects.toMatchObject({
    error: 'invalid_grant',
  })
  const out = oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: GOODBYE, state: 'bye' })
  expect((await leaving(browser.get(out))).href).toBe(`${GOODBYE}?state=bye`)
  expect((await browser.get(url)).url.pathname).toMatch(/\/login$/)
})

test('oidc-client-ts', async () => {
  const client = new OidcClient({
    authority: issuer,
    client_id: spa,
    redirect_uri: CALLBACK,
    post_logout_redirect_uri: GOODBYE,
    scope: 'openid email',
    loadUserInfo: true,
    stateStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
  })
  const { url } = await client.createSigninRequest({ state: { page: 'cart' } })
  const answered = await client.processSigninResponse((await signIn(url)).href)
  expect(answered.profile).toMatchObject({ email: EMAIL, username: 'ann' })
  expect(answered.userState).toEqual({ page: 'cart' })
  const renewed = await client.useRefreshToken({
    state: Object.assign(Object.create(Object.getPrototypeOf(answered)), {
      refresh_token: answered.refresh_token,
      session_state: null,
      scope: answered.scope,
      profile: answered.profile,
      data: undefined,
    }) as never,
  })
  expect(renewed.access_token).toBeTruthy()
  const out = await client.createSignoutRequest({ client_id: spa })
  expect((await leaving(new Browser().get(out.url))).href).toContain(GOODBYE)
})

test('Auth.js with its provider for Cognito', async () => {
  const config = {
    providers: [Cognito({ clientId: app.id, clientSecret: app.secret, issuer })],
    secret: 'a-secret-of-the-application',
    trustHost: true,
    basePath: '/auth',
  }
  const jar = new Map<string, string>()
  const call = async (url: string, form?: Record<string, string>): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { cookie, ...(form && { 'content-type': 'application/x-www-form-urlencoded' }) }
    const body = form && new URLSearchParams(form).toString()
    const response = await Auth(
      new Request(url, { method: form ? 'POST' : 'GET', headers, ...(body && { body }) }),
      config,
    )
    for (const header of response.headers.getSetCookie()) {
      const [pair = ''] = header.split(';')
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return response
  }
  const { csrfToken } = (await (await call('http://localhost:3999/auth/csrf')).json()) as { csrfToken: string }
  const begun = await call('http://localhost:3999/auth/signin/cognito', {
    csrfToken,
    callbackUrl: 'http://localhost:3999/',
  })
  const answered = await signIn(begun.headers.get('location') ?? '')
  const done = await call(answered.href)
  expect(done.headers.get('location')).toBe('http://localhost:3999/')
  const session = (await (await call('http://localhost:3999/auth/session')).json()) as { user: { email: string } }
  expect(session.user.email).toBe(EMAIL)
})
