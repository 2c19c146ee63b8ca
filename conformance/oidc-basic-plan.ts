// The test modules of the OpenID Foundation's plan for basic providers, by their names. The plan for form_post is the same
// modules in another response mode. Where Cognito's contract differs, the module says so and asserts the difference
// (docs/behaviour/oauth.md, "The lists of the OpenID Foundation").
import { createHash } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { type TestServer, useTestServer } from '../server/test/harness.ts'
import { appIn, CALLBACK, CHALLENGE, makeApp, makeUser, tokenCall, VERIFIER } from '../server/test/oauth.ts'
import { Browser } from '../server/test/page-walker.ts'
import { bearer, RelyingParty } from './oidc-relying-party.ts'

const attributes = {
  name: 'Ann Example',
  given_name: 'Ann',
  family_name: 'Example',
  locale: 'en-GB',
  email: 'ann@example.com',
  email_verified: 'true',
  phone_number: '+15550100',
  phone_number_verified: 'true',
  address: 'Here 1',
}

const unsigned = (claims: object): string =>
  [{ alg: 'none' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
    .concat('.')

export function basicPlan(mode?: 'form_post'): void {
  const server: TestServer = useTestServer()
  let party: RelyingParty
  let other: RelyingParty
  beforeAll(async () => {
    const app = await makeApp(server, { client: { GenerateSecret: true } })
    party = new RelyingParty(app, await makeUser(app, attributes), mode)
    const second = await appIn(server, app.poolId, { GenerateSecret: true })
    other = new RelyingParty(second, await makeUser(app), mode)
  })

  test('oidcc-server', async () => {
    const { tokens, claims } = await party.wholeFlow()
    expect(tokens.json).toMatchObject({ token_type: 'Bearer', expires_in: 3600 })
    expect([tokens.headers.get('cache-control'), tokens.headers.get('pragma')]).toEqual(['no-store', 'no-cache'])
    const hash = createHash('sha256')
      .update(tokens.json['access_token'] as string)
      .digest()
    expect(claims['at_hash']).toBe(hash.subarray(0, 16).toString('base64url'))
  })

  test('oidcc-response-type-missing', async () => {
    const answer = await party.silently(party.url({ response_type: undefined }), new Browser())
    expect(answer.get('error')).toBe('invalid_request')
  })

  test('oidcc-idtoken-signature', async () => {
    const { tokens } = await party.wholeFlow()
    const [head, body, signature = ''] = (tokens.json['id_token'] as string).split('.')
    const changed = `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    await expect(party.idToken({ ...tokens, json: { ...tokens.json, id_token: changed } })).rejects.toThrow()
  })

  test('oidcc-idtoken-unsigned: not offered', async () => {
    const document = await (await fetch(`${party.app.base}/.well-known/openid-configuration`)).json()
    expect(document).toMatchObject({ id_token_signing_alg_values_supported: ['RS256'] })
  })

  test('oidcc-userinfo-get, -post-header, -post-body', async () => {
    const { tokens, claims } = await party.wholeFlow({ scope: 'openid email' })
    const body = new URLSearchParams({ access_token: tokens.json['access_token'] as string })
    const asked: RequestInit[] = [
      { headers: bearer(tokens) },
      { method: 'POST', headers: bearer(tokens) },
      { method: 'POST', body },
    ]
    for (const init of asked) {
      const { status, json } = await party.userInfo(init)
      expect([status, json['sub'], json['email']]).toEqual([200, claims.sub, attributes.email])
      // Differs: a text, where OpenID Connect Core 5.1 has a boolean. In the ID token it is one.
      expect([json['email_verified'], claims['email_verified']]).toEqual(['true', true])
    }
  })

  test('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', async () => {
    const { claims } = await party.wholeFlow({ nonce: undefined })
    expect(claims).not.toHaveProperty('nonce')
  })

  test.each([
    ['profile', ['family_name', 'given_name', 'locale', 'name']],
    ['email', ['email', 'email_verified']],
    ['phone', ['phone_number', 'phone_number_verified']],
  ])('oidcc-scope-%s', async (scope, names) => {
    const { tokens } = await party.wholeFlow({ scope: `openid ${scope}` })
    const { sub, username, ...rest } = (await party.userInfo({ headers: bearer(tokens) })).json
    expect([typeof sub, username, Object.keys(rest).sort()]).toEqual(['string', party.username, names])
  })

  test('oidcc-scope-address: differs, there is no such scope', async () => {
    const answer = await party.silently(party.url({ scope: 'openid address' }), new Browser())
    expect(answer.get('error')).toBe('invalid_scope')
  })

  test('oidcc-scope-all: differs, without address', async () => {
    const { claims } = await party.wholeFlow({ scope: 'openid profile email phone' })
    const { address: _, ...all } = attributes
    expect(claims).toMatchObject({ ...all, email_verified: true, phone_number_verified: true })
  })

  test('oidcc-ensure-other-scope-order-succeeds', async () => {
    const { claims } = await party.wholeFlow({ scope: 'email openid' })
    expect(claims).toMatchObject({ email: attributes.email })
  })

  test.each([
    ['oidcc-display-page', { display: 'page' }],
    ['oidcc-display-popup', { display: 'popup' }],
    ['oidcc-ui-locales', { ui_locales: 'se' }],
    ['oidcc-claims-locales', { claims_locales: 'se' }],
    ['oidcc-ensure-request-with-acr-values-succeeds', { acr_values: '1 2' }],
    ['oidcc-ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }],
    // Differs: the claims are those of the scopes; discovery says so (claims_parameter_supported).
    ['oidcc-claims-essential', { claims: '{"userinfo":{"name":{"essential":true}}}' }],
  ])('%s', async (_, parameters) => {
    await party.wholeFlow(parameters)
  })

  test('oidcc-prompt-login', async () => {
    const first = await party.wholeFlow()
    server.clock.advance(2000)
    const second = await party.wholeFlow({ prompt: 'login' }, first.browser)
    expect(second.claims['auth_time']).toBeGreaterThan(first.claims['auth_time'] as number)
    expect(second.claims.sub).toBe(first.claims.sub)
  })

  test('oidcc-prompt-none-not-logged-in', async () => {
    const answer = await party.silently(party.url({ prompt: 'none' }), new Browser())
    expect([answer.get('error'), answer.get('code')]).toEqual(['login_required', null])
  })

  test('oidcc-prompt-none-logged-in', async () => {
    const first = await party.wholeFlow()
    const url = party.url({ prompt: 'none' })
    const claims = await party.idToken(await party.redeem(await party.silently(url, first.browser)), url)
    expect([claims.sub, claims['auth_time']]).toEqual([first.claims.sub, first.claims['auth_time']])
  })

  test('oidcc-max-age-1', async () => {
    const first = await party.wholeFlow()
    server.clock.advance(2001)
    const second = await party.wholeFlow({ max_age: '1' }, first.browser)
    expect(second.claims['auth_time']).toBeGreaterThan((first.claims['auth_time'] as number) + 1)
  })

  test('oidcc-max-age-10000', async () => {
    const first = await party.wholeFlow()
    server.clock.advance(2000)
    const url = party.url({ max_age: '10000' })
    const claims = await party.idToken(await party.redeem(await party.silently(url, first.browser)), url)
    expect(claims['auth_time']).toBe(first.claims['auth_time'])
  })

  test('oidcc-id-token-hint, also of another user and of another kind of token', async () => {
    const { tokens, claims, browser } = await party.wholeFlow()
    const url = party.url({ prompt: 'none', id_token_hint: tokens.json['id_token'] })
    expect(await party.idToken(await party.redeem(await party.silently(url, browser)), url)).toMatchObject({
      sub: claims.sub,
    })
    const stranger = await other.wholeFlow()
    const outcome = async (id_token_hint: string | undefined) =>
      (await party.silently(party.url({ prompt: 'none', id_token_hint }), browser)).get('error')
    expect(await outcome(stranger.tokens.json['id_token'])).toBe('login_required')
    expect(await outcome(tokens.json['access_token'])).toBe('invalid_request')
    const page = await browser.get(party.url({ id_token_hint: stranger.tokens.json['id_token'] }))
    expect(page.url.pathname).toBe(`/${party.app.poolId}/login`)
    expect(page.text).not.toContain('Continue as')
  })

  test('oidcc-login-hint', async () => {
    const page = await new Browser().get(party.url({ login_hint: 'ann@example.com' }))
    expect(page.text).toContain('value="ann@example.com"')
  })

  test('oidcc-codereuse, -30seconds', async () => {
    for (const wait of [0, 31_000]) {
      const answer = await party.signIn(party.url())
      const first = await party.redeem(answer)
      expect((await party.userInfo({ headers: bearer(first) })).status).toBe(200)
      server.clock.advance(wait)
      expect(await party.redeem(answer)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
      expect((await party.userInfo({ headers: bearer(first) })).status).toBe(401)
    }
  })

  test('oidcc-ensure-registered-redirect-uri', async () => {
    const page = await new Browser().get(party.url({ redirect_uri: 'https://app.example.com/callback/other' }))
    expect([page.status, page.url.pathname]).toEqual([400, `/${party.app.poolId}/error`])
  })

  test('oidcc-ensure-post-request-succeeds', async () => {
    const url = party.url()
    const { origin, pathname, searchParams } = url
    const posted = await fetch(`${origin}${pathname}`, { method: 'POST', body: searchParams, redirect: 'manual' })
    expect(posted.status).toBe(303)
    const answer = await party.signIn(new URL(posted.headers.get('location') ?? '', url))
    await party.idToken(await party.redeem(answer), url)
  })

  test('oidcc-server-client-secret-post, and client_secret_basic', async () => {
    const { clientId, secret } = party.app
    const url = party.url()
    const answer = await party.signIn(url)
    const form = { grant_type: 'authorization_code', code: answer.get('code') ?? '', redirect_uri: CALLBACK }
    const header = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
    const wrong = await tokenCall(party.app, form, header(`${clientId}:wrong`))
    // Differs: 400, where RFC 6749 5.2 has 401 for a client that used the header.
    expect([wrong.status, wrong.json['error']]).toEqual([400, 'invalid_client'])
    await party.idToken(await tokenCall(party.app, form, header(`${clientId}:${secret}`)), url)
  })

  test('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported, oidcc-ensure-request-object-with-redirect-uri', async () => {
    const request = unsigned({ redirect_uri: 'https://evil.example/', nonce: 'other' })
    const answer = await party.silently(party.url({ request }), new Browser())
    expect(answer.get('error')).toBe('request_not_supported')
  })

  test('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported', async () => {
    const answer = await party.silently(party.url({ request_uri: 'https://app.example.com/request' }), new Browser())
    expect(answer.get('error')).toBe('request_uri_not_supported')
  })

  test('oidcc-ensure-request-with-valid-pkce-succeeds', async () => {
    const url = party.url({ code_challenge: CHALLENGE, code_challenge_method: 'S256' })
    const answer = await party.signIn(url)
    await party.idToken(await party.redeem(answer, { code_verifier: VERIFIER }), url)
  })

  test('oidcc-refresh-token: differs, every code gives one, and there is no offline_access', async () => {
    const { tokens, claims } = await party.wholeFlow()
    const refresh = (at: RelyingParty) =>
      tokenCall(at.app, {
        grant_type: 'refresh_token',
        client_id: at.app.clientId,
        client_secret: at.app.secret ?? '',
        refresh_token: tokens.json['refresh_token'] as string,
      })
    server.clock.advance(2000)
    const renewed = await party.idToken(await refresh(party))
    const same = (one: typeof claims) => [one.iss, one.sub, one.aud, one['auth_time']]
    expect(same(renewed)).toEqual(same(claims))
    expect(renewed.iat).toBeGreaterThan(claims.iat as number)
    expect((await refresh(other)).json).toEqual({ error: 'invalid_grant' })
    const answer = await party.silently(party.url({ scope: 'openid offline_access' }), new Browser())
    expect(answer.get('error')).toBe('invalid_scope')
  })
}
