// The OpenID Foundation's plans for signing out (OpenID Connect RP-Initiated Logout 1.0, Back-Channel Logout 1.0), and what
// Cognito's own logout_uri does beside them (docs/behaviour/oauth.md).
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { useTestServer } from '../server/test/harness.ts'
import { type App, appIn, authorizeUrl, makeApp, makeUser, SIGNED_OUT } from '../server/test/oauth.ts'
import { type Browser, leaving, type Page } from '../server/test/page-walker.ts'
import { RelyingParty } from './oidc-relying-party.ts'

const server = useTestServer()
let app: App
let party: RelyingParty
beforeAll(async () => {
  app = await makeApp(server, { client: { GenerateSecret: true } })
  party = new RelyingParty(app, await makeUser(app))
})

/** A browser that has signed in, with the ID token of the application. */
async function signedIn(at = party) {
  const { browser, tokens } = await at.wholeFlow()
  return { browser, hint: tokens.json['id_token'] as string }
}

const logout = (parameters: Record<string, string>): string => `${app.base}/logout?${new URLSearchParams(parameters)}`

const isSignedIn = async (browser: Browser): Promise<boolean> =>
  (await party.silently(party.url({ prompt: 'none' }), browser)).get('error') === null

/** A page that refuses: the browser is sent nowhere, and stays signed in. */
async function expectRefused(browser: Browser, parameters: Record<string, string>, error: string): Promise<void> {
  const page = await browser.get(logout(parameters))
  expect([page.status, page.url.searchParams.get('error')]).toEqual([400, error])
  expect(await isSignedIn(browser)).toBe(true)
}

const titleOf = ({ text }: Page): string | undefined => /<h1>(.*?)<\/h1>/.exec(text)?.[1]

describe('oidcc-rp-initiated-logout-certification-test-plan', () => {
  test('oidcc-rp-initiated-logout', async () => {
    const { browser, hint } = await signedIn()
    const url = logout({ id_token_hint: hint, post_logout_redirect_uri: SIGNED_OUT, state: 'a b&c' })
    expect((await leaving(browser.get(url))).href).toBe(`${SIGNED_OUT}?state=a+b%26c`)
    expect(await isSignedIn(browser)).toBe(false)
  })

  test('the same by POST (RP-Initiated Logout 1.0 section 2)', async () => {
    const { browser, hint } = await signedIn()
    const body = new URLSearchParams({ id_token_hint: hint, post_logout_redirect_uri: SIGNED_OUT })
    const posted = await fetch(`${app.base}/logout`, { method: 'POST', body, redirect: 'manual' })
    expect(posted.status).toBe(303)
    const location = new URL(posted.headers.get('location') ?? '', app.base)
    expect((await leaving(browser.get(location))).href).toBe(SIGNED_OUT)
    expect(await isSignedIn(browser)).toBe(false)
  })

  test('with an ID token that has expired', async () => {
    const { browser, hint } = await signedIn()
    server.clock.advance(3_600_001)
    const url = logout({ id_token_hint: hint, post_logout_redirect_uri: SIGNED_OUT })
    expect((await leaving(browser.get(url))).href).toBe(SIGNED_OUT)
  })

  test('oidcc-rp-initiated-logout-bad-id-token-hint', async () => {
    const { browser } = await signedIn()
    for (const id_token_hint of ['bad', 'a.b.c', 'x'.repeat(4000)])
      await expectRefused(browser, { id_token_hint, post_logout_redirect_uri: SIGNED_OUT }, 'invalid_request')
  })

  test('oidcc-rp-initiated-logout-modified-id-token-hint, and one of another pool, and an access token', async () => {
    const { browser, hint } = await signedIn()
    const [head, body = '', signature] = hint.split('.')
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'x' })).toString('base64url')
    const foreign = await makeApp(server, { client: { GenerateSecret: true } })
    const stranger = new RelyingParty(foreign, await makeUser(foreign))
    const { tokens } = await party.wholeFlow()
    for (const id_token_hint of [
      `${head}.${changed}.${signature}`,
      (await signedIn(stranger)).hint,
      tokens.json['access_token'] as string,
    ])
      await expectRefused(browser, { id_token_hint, post_logout_redirect_uri: SIGNED_OUT }, 'invalid_request')
  })

  test('oidcc-rp-initiated-logout-bad-post-logout-redirect-uri, -query-added-to-post-logout-redirect-uri', async () => {
    const { browser, hint: id_token_hint } = await signedIn()
    for (const uri of ['https://evil.example/', `${SIGNED_OUT}?foo=bar`, `${SIGNED_OUT}/`])
      await expectRefused(browser, { id_token_hint, post_logout_redirect_uri: uri }, 'redirect_mismatch')
  })

  test('oidcc-rp-initiated-logout-no-id-token-hint: nobody knows whose address it is; with client_id it is known', async () => {
    const { browser } = await signedIn()
    await expectRefused(browser, { post_logout_redirect_uri: SIGNED_OUT, state: 's' }, 'invalid_client')
    const url = logout({ client_id: app.clientId, post_logout_redirect_uri: SIGNED_OUT, state: 's' })
    expect((await leaving(browser.get(url))).href).toBe(`${SIGNED_OUT}?state=s`)
    expect(await isSignedIn(browser)).toBe(false)
  })

  test.each([
    ['oidcc-rp-initiated-logout-no-params', {}],
    ['oidcc-rp-initiated-logout-only-state', { state: 's' }],
  ])('%s: the user is asked, and signed out after that', async (_, parameters) => {
    const { browser } = await signedIn()
    const page = await browser.get(logout(parameters))
    expect([page.status, titleOf(page)]).toEqual([200, 'Sign out'])
    expect(await isSignedIn(browser)).toBe(true)
    const forged = await browser.submit(page, {}, '/signout', { origin: 'https://evil.example' })
    expect([forged.status, await isSignedIn(browser)]).toEqual([403, true])
    const done = await browser.submit(page, {}, '/signout')
    expect([done.url.pathname, titleOf(done)]).toEqual([`/${app.poolId}/signedout`, 'You are signed out'])
    expect(await isSignedIn(browser)).toBe(false)
  })

  test('oidcc-rp-initiated-logout-no-post-logout-redirect-uri', async () => {
    const { browser, hint } = await signedIn()
    const page = await browser.get(logout({ id_token_hint: hint, state: 's' }))
    expect([page.status, titleOf(page)]).toEqual([200, 'You are signed out'])
    expect(await isSignedIn(browser)).toBe(false)
  })

  test('oidcc-rp-initiated-logout-no-state', async () => {
    const { browser, hint } = await signedIn()
    const url = logout({ id_token_hint: hint, post_logout_redirect_uri: SIGNED_OUT })
    expect((await leaving(browser.get(url))).href).toBe(SIGNED_OUT)
  })

  test('another client than that of the token is refused', async () => {
    const { browser, hint } = await signedIn()
    const { clientId } = await appIn(server, app.poolId)
    await expectRefused(browser, { id_token_hint: hint, client_id: clientId }, 'invalid_client')
  })

  test("somebody else's session in the same browser stays", async () => {
    const { hint } = await signedIn()
    const second = await signedIn(new RelyingParty(app, await makeUser(app)))
    const url = logout({ id_token_hint: hint, post_logout_redirect_uri: SIGNED_OUT })
    expect((await leaving(second.browser.get(url))).href).toBe(SIGNED_OUT)
    expect(await isSignedIn(second.browser)).toBe(true)
  })
})

describe('oidcc-backchannel-rp-initiated-logout-certification-test-plan', () => {
  let told: App
  let receiver: Server
  const posts: { type: string | undefined; body: string }[] = []
  beforeAll(async () => {
    receiver = createServer(async (incoming, outgoing) => {
      posts.push({ type: incoming.headers['content-type'], body: await text(incoming) })
      outgoing.writeHead(200, { 'cache-control': 'no-store' }).end()
    }).listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    const uri = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/backchannel_logout`
    told = await makeApp(server, {
      pool: { UserPoolTags: { 'cognomen:backchannel-logout:told': uri } },
      client: { ClientName: 'told', GenerateSecret: true },
    })
  })
  afterAll(() => receiver.close())
  const document = async () =>
    (await (await fetch(`${told.base}/.well-known/openid-configuration`)).json()) as Record<string, unknown>

  test('oidcc-backchannel-logout-discovery-endpoint-verification', async () => {
    expect(await document()).toMatchObject({
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      end_session_endpoint: `${told.base}/logout`,
    })
    // A pool without such a client names neither.
    const plain = await (await fetch(`${app.base}/.well-known/openid-configuration`)).json()
    expect(Object.keys(plain as object).filter((name) => /^(back|front)channel/.test(name))).toEqual([])
  })

  test('oidcc-backchannel-rp-initiated-logout', async () => {
    const rp = new RelyingParty(told, await makeUser(told))
    const { browser, hint } = await signedIn(rp)
    const { sid, sub } = decodeJwt(hint)
    expect(sid).toEqual(expect.any(String))
    const parameters = { id_token_hint: hint, post_logout_redirect_uri: SIGNED_OUT, state: 's' }
    const back = await leaving(browser.get(`${told.base}/logout?${new URLSearchParams(parameters)}`))
    expect(back.href).toBe(`${SIGNED_OUT}?state=s`)
    await vi.waitFor(() => expect(posts).toHaveLength(1), { timeout: 15_000, interval: 100 })
    expect(posts[0]?.type).toMatch(/^application\/x-www-form-urlencoded/)
    const body = new URLSearchParams(posts[0]?.body)
    expect([...body.keys()]).toEqual(['logout_token'])
    const { jwks_uri: keys } = await document()
    const { payload, protectedHeader } = await jwtVerify(
      body.get('logout_token') as string,
      createRemoteJWKSet(new URL(keys as string)),
      { issuer: told.base, audience: told.clientId },
    )
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'logout+jwt' })
    expect(payload).toMatchObject({ sid, sub, jti: expect.any(String), iat: expect.any(Number) })
    expect(payload['events']).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} })
    expect(payload).not.toHaveProperty('nonce')
    const silent = await leaving(browser.get(authorizeUrl(told, { prompt: 'none', scope: 'openid' })))
    expect(silent.searchParams.get('error')).toBe('login_required')
  })
})

test('logout_uri is Cognito’s request: other parameters count for nothing', async () => {
  const { browser } = await signedIn()
  const url = logout({ client_id: app.clientId, logout_uri: SIGNED_OUT, id_token_hint: 'bad', state: 's' })
  expect((await leaving(browser.get(url))).href).toBe(SIGNED_OUT)
  expect(await isSignedIn(browser)).toBe(false)
})
