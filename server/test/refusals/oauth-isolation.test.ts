// What a browser or an application holds of one user pool is good for nothing in another on the same host, and what one app
// client was given for nothing at another of its pool (docs/reference/threats.md 21, 53). Each is shown to be good where it
// belongs, after it was refused elsewhere.
import { beforeAll, describe, expect, test } from 'vitest'
import { makeProof, makeProofKey } from '../dpop.ts'
import { useTestServer } from '../harness.ts'
import {
  type App,
  appIn,
  authorizeUrl,
  CALLBACK,
  makeApp,
  makeUser,
  PASSWORD,
  redeem,
  signInByPage,
  tokenCall,
} from '../oauth.ts'
import { Browser, leaving, type Page } from '../page-walker.ts'

const server = useTestServer()
let a: App
/** Of another pool. */
let b: App
/** Of the pool of `a`. */
let neighbour: App
beforeAll(async () => {
  a = await makeApp(server)
  b = await makeApp(server)
  neighbour = await appIn(server, a.poolId)
})

const refresh = (app: App, refresh_token = '') =>
  tokenCall(app, { grant_type: 'refresh_token', client_id: app.clientId, refresh_token })

const userInfo = async ({ base }: App, token = ''): Promise<number> =>
  (await fetch(`${base}/oauth2/userInfo`, { headers: { authorization: `Bearer ${token}` } })).status

const silently = async (app: App, browser: Browser, more: Record<string, string | undefined> = {}): Promise<string> => {
  const answered = await leaving(browser.get(authorizeUrl(app, { prompt: 'none', ...more })))
  return answered.searchParams.get('error') ?? 'code'
}

describe('two pools on one host', () => {
  test('cookies are of the path of their pool', async () => {
    const response = await fetch(`${a.base}/login${authorizeUrl(a).search}`)
    const cookies = response.headers.getSetCookie()
    expect(cookies.length).toBeGreaterThan(0)
    for (const cookie of cookies) {
      expect(cookie).toContain(`Path=/${a.poolId};`)
      expect(cookie).not.toContain('Domain=')
    }
  })

  test('a session', async () => {
    const browser = new Browser()
    await signInByPage(a, await makeUser(a), {}, browser)
    const moved = new Browser()
    moved.setCookie('cognito', browser.cookie('cognito') ?? '')
    expect(await silently(b, moved)).toBe('login_required')
    expect(await silently(a, moved)).toBe('code')
    // Signing out of the other pool ends nothing.
    const out = `${b.base}/logout?client_id=${b.clientId}&logout_uri=${encodeURIComponent('https://app.example.com/goodbye')}`
    await leaving(moved.get(out))
    expect(await silently(a, browser)).toBe('code')
  })

  test('a code', async () => {
    const answered = await signInByPage(a, await makeUser(a))
    expect((await redeem(b, answered)).json).toEqual({ error: 'invalid_grant' })
    expect((await redeem({ ...b, clientId: a.clientId }, answered)).json['error']).toBe('invalid_client')
    expect((await redeem(a, answered)).status).toBe(200)
  })

  test('tokens', async () => {
    const { json } = await redeem(a, await signInByPage(a, await makeUser(a)))
    expect((await refresh(b, json['refresh_token'])).json).toEqual({ error: 'invalid_grant' })
    expect(await userInfo(b, json['access_token'])).toBe(401)
    const body = new URLSearchParams({ client_id: b.clientId, token: json['refresh_token'] ?? '' })
    expect((await fetch(`${b.base}/oauth2/revoke`, { method: 'POST', body })).status).toBe(200)
    expect([await userInfo(a, json['access_token']), (await refresh(a, json['refresh_token'])).status]).toEqual([
      200, 200,
    ])
  })

  test('an ID token as a hint', async () => {
    const browser = new Browser()
    const username = await makeUser(a)
    const { json } = await redeem(a, await signInByPage(a, username, {}, browser))
    const hint = { id_token_hint: json['id_token'] }
    expect(await silently(b, browser, hint)).toBe('invalid_request')
    expect(await silently(a, browser, hint)).toBe('code')
  })

  test('a form with its token', async () => {
    const browser = new Browser()
    const page = await browser.get(authorizeUrl(a))
    const username = await makeUser(b)
    const moved: Page = { ...page, text: page.text.replaceAll(a.poolId, b.poolId).replaceAll(a.clientId, b.clientId) }
    const refused = await browser.submit(moved, { username, password: PASSWORD })
    expect([refused.status, refused.url.pathname]).toEqual([403, `/${b.poolId}/login`])
  })
})

describe('two pools on one host, beyond Cognito', () => {
  const UserPoolTags = {
    'cognomen:pushed-authorization': 'on',
    'cognomen:device-grant:TV': 'on',
    'cognomen:dpop': 'on',
  }
  let here: App
  let there: App
  beforeAll(async () => {
    const settings = { pool: { UserPoolTags }, client: { ClientName: 'TV' } }
    here = await makeApp(server, settings)
    there = await makeApp(server, settings)
  })
  const post = async (app: App, path: string, form: Record<string, string> = {}): Promise<Record<string, string>> => {
    const body = new URLSearchParams({ client_id: app.clientId, ...form })
    return (await (await fetch(`${app.base}${path}`, { method: 'POST', body })).json()) as Record<string, string>
  }

  test('a pushed request, before its browser and on the way', async () => {
    const { request_uri } = await post(here, '/oauth2/par', { response_type: 'code', redirect_uri: CALLBACK })
    const url = (app: App, uri?: string | null): URL =>
      authorizeUrl(app, { response_type: undefined, redirect_uri: undefined, request_uri: uri ?? undefined })
    const foreign = { ...there, clientId: here.clientId }
    for (const app of [there, foreign])
      expect((await new Browser().get(url(app, request_uri))).url.pathname).toBe(`/${there.poolId}/error`)
    const page = await new Browser().get(url(here, request_uri))
    expect(page.url.pathname).toBe(`/${here.poolId}/login`)
    const begun = page.url.searchParams.get('request_uri')
    for (const app of [there, foreign])
      expect((await new Browser().get(url(app, begun))).url.pathname).toBe(`/${there.poolId}/error`)
  })

  test('a device', async () => {
    const { device_code = '', user_code = '' } = await post(here, '/oauth2/device_authorization')
    const browser = new Browser()
    const typed = await browser.submit(await browser.get(`${there.base}/device`), { user_code })
    expect([typed.status, typed.url.pathname]).toEqual([400, `/${there.poolId}/device`])
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
    const poll = async (app: App) =>
      (await tokenCall(app, { grant_type, client_id: app.clientId, device_code })).json['error']
    expect(await poll(there)).toBe('invalid_grant')
    expect(await poll(here)).toBe('authorization_pending')
  })

  test('a proof of a key, and the nonce in it', async () => {
    const key = await makeProofKey()
    const form = (app: App) => ({ grant_type: 'refresh_token', refresh_token: 'x', client_id: app.clientId })
    const proof = (app: App, nonce?: string) =>
      makeProof(key, { htu: `${app.base}/oauth2/token`, now: server.clock.now(), nonce })
    const refused = await tokenCall(here, form(here), { dpop: await proof(here) })
    const nonce = refused.headers.get('dpop-nonce') ?? ''
    const errorOf = async (app: App, dpop: string) => (await tokenCall(app, form(app), { dpop })).json['error']
    expect(await errorOf(there, await proof(here, nonce))).toBe('invalid_dpop_proof')
    expect(await errorOf(there, await proof(there, nonce))).toBe('use_dpop_nonce')
    // The refresh token is none, but the proof is one.
    expect(await errorOf(here, await proof(here, nonce))).toBe('invalid_grant')
  })
})

/** The page of a challenge that waits: an administrator has set the password. */
async function pendingPage(app: App, browser: Browser): Promise<Page> {
  const { AdminCreateUserCommand } = await import('@aws-sdk/client-cognito-identity-provider')
  const Username = 'invited-by-somebody'
  await server.admin.send(
    new AdminCreateUserCommand({
      UserPoolId: app.poolId,
      Username,
      TemporaryPassword: PASSWORD,
      MessageAction: 'SUPPRESS',
    }),
  )
  return browser.submit(await browser.get(authorizeUrl(app)), { username: Username, password: PASSWORD })
}

test('what waits in a form is of its client and its pool', async () => {
  const browser = new Browser()
  const page = await pendingPage(a, browser)
  expect(page.text).toContain('name="pending"')
  const answer = { new_password: `${PASSWORD}x` }
  const path = '/resetpassword'
  const elsewhere = (app: App): Page => ({
    ...page,
    text: page.text.replaceAll(a.poolId, app.poolId).replaceAll(a.clientId, app.clientId),
  })
  for (const app of [neighbour, b]) {
    const moved = new Browser()
    moved.setCookie('XSRF-TOKEN', browser.cookie('XSRF-TOKEN') ?? '')
    const refused = await moved.submit(elsewhere(app), answer, path)
    expect([refused.status, refused.text.includes('The form has expired')]).toEqual([403, true])
  }
  const done = await leaving(browser.submit(page, answer, path))
  expect(done.searchParams.get('code')).toBeTruthy()
})

describe('two clients of one pool', () => {
  test('a code, which stays good for its own', async () => {
    const answered = await signInByPage(a, await makeUser(a))
    expect((await redeem(neighbour, answered)).json).toEqual({ error: 'invalid_grant' })
    expect((await redeem(a, answered)).status).toBe(200)
  })

  test('a used code at another client ends nothing', async () => {
    const answered = await signInByPage(a, await makeUser(a))
    const { json } = await redeem(a, answered)
    expect((await redeem(neighbour, answered)).json).toEqual({ error: 'invalid_grant' })
    expect(await userInfo(a, json['access_token'])).toBe(200)
  })

  test('a refresh token', async () => {
    const { json } = await redeem(a, await signInByPage(a, await makeUser(a)))
    expect((await refresh(neighbour, json['refresh_token'])).json).toEqual({ error: 'invalid_grant' })
    const body = new URLSearchParams({ client_id: neighbour.clientId, token: json['refresh_token'] ?? '' })
    expect((await fetch(`${a.base}/oauth2/revoke`, { method: 'POST', body })).status).toBe(200)
    expect((await refresh(a, json['refresh_token'])).status).toBe(200)
  })
})
