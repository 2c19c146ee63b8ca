import { beforeAll, describe, expect, it } from 'vitest'
import { claimsOf, useTestServer } from '../../../test/harness.ts'
import { type App, appIn, authorizeUrl, CALLBACK, makeApp, makeUser, signInByPage } from '../../../test/oauth.ts'
import { Browser, leaving } from '../../../test/page-walker.ts'

const server = useTestServer()
let app: App
beforeAll(async () => {
  app = await makeApp(server)
})

const get = (url: URL): Promise<Response> => fetch(url, { redirect: 'manual' })

/** Redirect URIs that are near the registered ones, and ways to hide another host in one. */
function* strangers(): Generator<string> {
  const [host, path] = ['app.example.com', '/callback']
  for (const change of [
    `https://${host}${path}/`,
    `https://${host}${path}?x=1`,
    `https://${host}${path}#f`,
    `https://${host}:443${path}`,
    `https://${host}:444${path}`,
    `http://${host}${path}`,
    `HTTPS://${host}${path}`,
    `https://APP.example.com${path}`,
    `https://${host}//callback`,
    `https://${host}/./callback`,
    `https://${host}/x/../callback`,
    `https://${host}/%63allback`,
    `https://${host}/callback%2f`,
    `https://${host}/callback%00`,
    `https://${host}/callback `,
    ` https://${host}${path}`,
    `https://${host}.evil.example${path}`,
    `https://evil.example/${host}${path}`,
    `https://${host}@evil.example${path}`,
    `https://evil.example%2f@${host}${path}`,
    `https://evil.example\\@${host}${path}`,
    `https:${host}${path}`,
    `//${host}${path}`,
    `/callback`,
    'javascript:alert(1)',
    'data:text/html,x',
    'myapp://callback/',
    'myapp://other',
    'myapp:callback',
    'http://localhost:3001/callback',
    'http://127.0.0.1:3000/callback',
  ])
    yield change
  for (let at = 0; at < CALLBACK.length; at++) {
    yield CALLBACK.slice(0, at) + CALLBACK.slice(at + 1)
    yield `${CALLBACK.slice(0, at)}x${CALLBACK.slice(at)}`
    yield `${CALLBACK.slice(0, at)}%00${CALLBACK.slice(at)}`
    yield `${CALLBACK.slice(0, at)}.${CALLBACK.slice(at)}`
    yield `${CALLBACK.slice(0, at)}*${CALLBACK.slice(at + 1)}`
    yield `${CALLBACK.slice(0, at)}\t${CALLBACK.slice(at)}`
    yield `${CALLBACK.slice(0, at)}\\${CALLBACK.slice(at + 1)}`
    yield `${CALLBACK.slice(0, at)}@${CALLBACK.slice(at)}`
    yield `${CALLBACK.slice(0, at)}?${CALLBACK.slice(at)}`
  }
}

it('redirects to none of 300 addresses that are not registered, on any page', async () => {
  const all = [...new Set(strangers())].filter((uri) => uri !== CALLBACK)
  expect(all.length).toBeGreaterThanOrEqual(300)
  for (const redirect_uri of all) {
    const response = await get(authorizeUrl(app, { redirect_uri }))
    expect([redirect_uri, response.status]).toEqual([redirect_uri, 302])
    expect(response.headers.get('location')).toBe(
      `/${app.poolId}/error?error=redirect_mismatch&client_id=${app.clientId}`,
    )
  }
  for (const path of ['/login', '/signup', '/forgotPassword', '/logout'])
    for (const redirect_uri of all.slice(0, 20)) {
      const query = authorizeUrl(app, { redirect_uri }).search
      const response = await get(new URL(`${app.base}${path}${query}`))
      if (response.status === 302) expect(response.headers.get('location')).toMatch(/^\/[\w-]+\/error\?/)
    }
})

describe('shows a page, and redirects nobody', () => {
  it.each([
    ['no client', { client_id: undefined }, 'invalid_client'],
    ['an unknown client', { client_id: 'nobody' }, 'invalid_client'],
    ['no redirect URI', { redirect_uri: undefined }, 'redirect_mismatch'],
  ])('for %s', async (_, parameters, error) => {
    const page = await new Browser().get(authorizeUrl(app, parameters))
    expect([page.status, page.url.searchParams.get('error')]).toEqual([400, error])
    expect(page.text).toContain('An error was encountered with the requested page.')
  })

  it('for a client of another pool', async () => {
    const other = await makeApp(server)
    const page = await new Browser().get(authorizeUrl(app, { client_id: other.clientId }))
    expect([page.status, page.url.searchParams.get('error')]).toEqual([400, 'invalid_client'])
  })
})

it('tells the application what is wrong with its request, with its state', async () => {
  const response = await get(authorizeUrl(app, { response_type: 'id_token', state: 's&t' }))
  const location = new URL(response.headers.get('location') ?? '')
  expect(`${location.origin}${location.pathname}`).toBe(CALLBACK)
  expect(Object.fromEntries(location.searchParams)).toEqual({
    error: 'invalid_request',
    error_description: 'response_type must be code or token',
    state: 's&t',
  })
})

it('appends to the query of a redirect URI', async () => {
  const uri = 'https://app.example.com/cb?tenant=1'
  const other = await appIn(server, app.poolId, { CallbackURLs: [uri] })
  const response = await get(authorizeUrl(other, { redirect_uri: uri, prompt: 'none' }))
  expect(response.headers.get('location')).toBe(`${uri}&error=login_required`)
})

describe('a browser with a session', () => {
  it('is asked again after max_age, and by prompt=login', async () => {
    const browser = new Browser()
    const username = await makeUser(app)
    await signInByPage(app, username, {}, browser)
    server.clock.advance(60_000)
    const recent = await leaving(browser.get(authorizeUrl(app, { max_age: '120' })))
    expect(recent.searchParams.get('code')).toBeTruthy()
    for (const parameters of [{ max_age: '30' }, { prompt: 'login' }]) {
      const page = await browser.get(authorizeUrl(app, parameters))
      expect(page.url.pathname).toBe(`/${app.poolId}/login`)
      expect(page.text).not.toContain('Continue as')
    }
    const offered = await browser.get(`${app.base}/login${authorizeUrl(app).search}`)
    expect(offered.text).toContain(`Continue as ${username}`)
    server.clock.advance(3_600_000)
    const expired = await browser.get(authorizeUrl(app))
    expect(expired.url.pathname).toBe(`/${app.poolId}/login`)
  })

  it('has none in another pool', async () => {
    const browser = new Browser()
    await signInByPage(app, await makeUser(app), {}, browser)
    const other = await makeApp(server)
    browser.setCookie('cognito', browser.cookie('cognito') as string, '/')
    const silent = await leaving(browser.get(authorizeUrl(other, { prompt: 'none' })))
    expect(silent.searchParams.get('error')).toBe('login_required')
  })
})

it('gives tokens in the fragment to a client with the implicit flow, and no refresh token', async () => {
  const username = await makeUser(app, { email: 'i@example.com' })
  const answered = await signInByPage(app, username, {
    response_type: 'token',
    scope: 'openid email',
    state: 's',
    nonce: 'n',
    resource: 'https://api.example.com',
  })
  expect(answered.search).toBe('')
  const given = Object.fromEntries(new URLSearchParams(answered.hash.slice(1)))
  expect(given).toMatchObject({ token_type: 'Bearer', expires_in: '3600', state: 's' })
  expect(given).not.toHaveProperty('refresh_token')
  expect(claimsOf(given['id_token'] as string)).toMatchObject({ nonce: 'n', email: 'i@example.com' })
  expect(claimsOf(given['access_token'] as string)).toMatchObject({ aud: 'https://api.example.com', username })
  const plain = await signInByPage(app, username, { response_type: 'token', scope: 'aws.cognito.signin.user.admin' })
  expect(new URLSearchParams(plain.hash.slice(1)).has('id_token')).toBe(false)
})
