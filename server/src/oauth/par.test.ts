// Pushed authorization requests through the front door (RFC 9126).
import { TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { claimsOf, engines, makePool, useTestServer } from '../../test/harness.ts'
import {
  type App,
  appIn,
  authorizeUrl,
  CALLBACK,
  CHALLENGE,
  makeUser,
  PASSWORD,
  redeem,
  VERIFIER,
} from '../../test/oauth.ts'
import { Browser, leaving, type Page } from '../../test/page-walker.ts'

describe.each(engines)('pushed authorization requests on %s', (engine) => {
  const server = useTestServer({ engine })
  let app: App
  let service: App
  let must: App
  let username: string

  beforeAll(async () => {
    const UserPoolTags = {
      'cognomen:pushed-authorization:app': 'on',
      'cognomen:pushed-authorization:must': 'required',
    }
    const { Id } = await makePool(server, { UserPoolTags })
    app = await appIn(server, Id, { ClientName: 'app' })
    service = await appIn(server, Id, { ClientName: 'app', GenerateSecret: true })
    must = await appIn(server, Id, { ClientName: 'must' })
    username = await makeUser(app, { email: 'ann@example.com' })
  })

  type Texts = Record<string, string | undefined>
  const push = async (of: App = app, form: Texts = {}, headers: Record<string, string> = {}) => {
    const all: Texts = {
      client_id: of.clientId,
      client_secret: of.secret,
      response_type: 'code',
      redirect_uri: CALLBACK,
      ...form,
    }
    const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined)
    const response = await fetch(`${of.base}/oauth2/par`, { method: 'POST', body: new URLSearchParams(given), headers })
    return { status: response.status, json: (await response.json()) as Record<string, string> }
  }
  const pushed = async (of: App = app, form: Texts = {}): Promise<string> => {
    const { status, json } = await push(of, form)
    expect([status, json['expires_in']]).toEqual([201, 90])
    return json['request_uri'] as string
  }
  /** The address for the browser. */
  const urlOf = (request_uri: string, of: App = app, more: Texts = {}): URL =>
    authorizeUrl(of, { response_type: undefined, redirect_uri: undefined, request_uri, ...more })
  const signIn = (browser: Browser, page: Page): Promise<URL> =>
    leaving(browser.submit(page, { username, password: PASSWORD }))

  it('sign a user in as a request in the address would, and say nothing there', async () => {
    const browser = new Browser()
    const uri = await pushed(app, {
      scope: 'openid email',
      state: 'private-state',
      nonce: 'n',
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
    })
    expect(uri).toMatch(/^urn:ietf:params:oauth:request_uri:[\w-]+$/)
    const page = await browser.get(urlOf(uri))
    expect(page.url.pathname).toBe(`/${app.poolId}/login`)
    expect([...page.url.searchParams.keys()]).toEqual(['client_id', 'request_uri'])
    expect(page.url.href).not.toContain('private-state')
    const answered = await signIn(browser, page)
    expect(answered.searchParams.get('state')).toBe('private-state')
    const { json } = await redeem(app, answered, { code_verifier: VERIFIER })
    expect(claimsOf(json['access_token'] as string)['scope']).toBe('openid email')
    expect(claimsOf(json['id_token'] as string)['nonce']).toBe('n')
    // And with the session of the browser at once.
    const again = await leaving(browser.get(urlOf(await pushed(app, { state: 'next', prompt: 'none' }))))
    expect([...again.searchParams.keys()].sort()).toEqual(['code', 'iss', 'state'])
  })

  it('are of the client that pushed them, with a secret where it has one', async () => {
    const basic = (id: string, secret: string) => ({
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
    })
    const { clientId, secret = '' } = service
    const without = { client_id: undefined, client_secret: undefined }
    expect((await push(service, without, basic(clientId, secret))).status).toBe(201)
    for (const form of [without, { client_secret: undefined }, { client_secret: 'wrong' }]) {
      const { status, json } = await push(service, form)
      expect([status, json['error']]).toEqual([401, 'invalid_client'])
    }
    expect((await push(service, { client_id: app.clientId }, basic(clientId, secret))).status).toBe(400)
    const page = await new Browser().get(urlOf(await pushed(service), app))
    expect([page.status, page.url.pathname]).toEqual([400, `/${app.poolId}/error`])
  })

  it('do not change by what stands beside them in the address', async () => {
    const browser = new Browser()
    const page = await browser.get(
      urlOf(await pushed(app, { state: 'own', login_hint: 'ann' }), app, {
        redirect_uri: 'myapp://callback',
        state: 'other',
        login_hint: 'eve',
        scope: 'openid phone',
        response_type: 'token',
        prompt: 'none',
      }),
    )
    expect(page.text).toContain('value="ann"')
    const answered = await signIn(browser, page)
    expect([`${answered.origin}${answered.pathname}`, answered.searchParams.get('state')]).toEqual([CALLBACK, 'own'])
    // Nor may the pages' own address be changed.
    const fresh = new Browser()
    const begun = await fresh.get(urlOf(await pushed(app, { state: 'own' })))
    begun.url.searchParams.set('state', 'other')
    begun.url.searchParams.set('redirect_uri', 'myapp://callback')
    const other = await signIn(fresh, await fresh.get(begun.url))
    expect(other.searchParams.get('state')).toBe('own')
  })

  it('are good once, of many at a time', async () => {
    const url = urlOf(await pushed())
    const walks = await Promise.all(Array.from({ length: 20 }, () => new Browser().get(url)))
    expect(walks.filter(({ url: { pathname } }) => pathname.endsWith('/login'))).toHaveLength(1)
    const refused = walks.filter(({ url: { pathname } }) => pathname.endsWith('/error'))
    expect(refused).toHaveLength(19)
    expect(refused[0]?.text).toContain('invalid_request_uri')
    expect(refused[0]?.text).toContain('took too long, was completed before')
  })

  it('let the page that they led to be loaded again, for an hour', async () => {
    const browser = new Browser()
    const page = await browser.get(urlOf(await pushed()))
    expect((await browser.get(page.url)).status).toBe(200)
    server.clock.advance(3_600_001)
    expect((await browser.get(page.url)).url.pathname).toBe(`/${app.poolId}/error`)
  })

  it('wait 90 seconds for their browser', async () => {
    const [early, late] = [await pushed(), await pushed()]
    server.clock.advance(80_000)
    expect((await new Browser().get(urlOf(early))).url.pathname).toBe(`/${app.poolId}/login`)
    server.clock.advance(11_000)
    expect((await new Browser().get(urlOf(late))).url.pathname).toBe(`/${app.poolId}/error`)
  })

  it.each(['urn:ietf:params:oauth:request_uri:', 'urn:ietf:params:oauth:request_uri:x'])('are not %j', async (uri) => {
    const page = await new Browser().get(urlOf(uri))
    expect([page.status, page.url.pathname]).toEqual([400, `/${app.poolId}/error`])
  })

  it('of the first page are none for the authorization endpoint of another client or pool', async () => {
    const { url } = await new Browser().get(urlOf(await pushed()))
    const other = new URL(url)
    other.searchParams.set('client_id', service.clientId)
    expect((await new Browser().get(other)).url.pathname).toBe(`/${app.poolId}/error`)
  })

  it.each<[string, Texts, string]>([
    ['an address that is not registered', { redirect_uri: 'https://evil.example.com/' }, 'invalid_request'],
    ['no address', { redirect_uri: undefined }, 'invalid_request'],
    ['no response_type', { response_type: undefined }, 'invalid_request'],
    ['a scope that the client has not', { scope: 'openid other' }, 'invalid_scope'],
    ['half of PKCE', { code_challenge: CHALLENGE }, 'invalid_request'],
    ['a resource that is none', { resource: 'x' }, 'invalid_target'],
    ['a provider that the client has not', { identity_provider: 'Nobody' }, 'invalid_request'],
    ['a hint that is none', { id_token_hint: 'x' }, 'invalid_request'],
    ['a request_uri', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request'],
    ['a request object', { request: 'x' }, 'request_not_supported'],
    ['too much', { state: 'x'.repeat(2000), nonce: 'x'.repeat(2000), login_hint: 'x'.repeat(100) }, 'invalid_request'],
  ])('are refused with %s', async (_, form, error) => {
    const { status, json } = await push(app, form)
    expect([status, json['error']]).toEqual([400, error])
  })

  it('are refused with a parameter that is repeated, and from a client that may not push', async () => {
    const form = { client_id: app.clientId, response_type: 'code', redirect_uri: CALLBACK }
    const body = `${new URLSearchParams(form)}&state=a&state=b`
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const repeated = await fetch(`${app.base}/oauth2/par`, { method: 'POST', body, headers })
    expect([repeated.status, await repeated.json()]).toMatchObject([400, { error: 'invalid_request' }])
    const plain = await appIn(server, app.poolId, { ClientName: 'plain' })
    const { status, json } = await push(plain)
    expect([status, json['error']]).toEqual([400, 'unauthorized_client'])
  })

  it('are the only ones of a client that must push', async () => {
    const straight = await leaving(new Browser().get(authorizeUrl(must, { state: 's' })))
    expect(Object.fromEntries(straight.searchParams)).toEqual({
      error: 'invalid_request',
      error_description: 'the client has to push its authorization requests',
      state: 's',
    })
    const login = authorizeUrl(must)
    login.pathname = login.pathname.replace('/oauth2/authorize', '/login')
    expect((await leaving(new Browser().get(login))).searchParams.get('error')).toBe('invalid_request')
    const browser = new Browser()
    const answered = await signIn(browser, await browser.get(urlOf(await pushed(must), must)))
    expect((await redeem(must, answered)).status).toBe(200)
  })

  it('may ask for tokens of the implicit flow', async () => {
    const browser = new Browser()
    const uri = await pushed(app, { response_type: 'token', scope: 'openid' })
    const answered = await signIn(browser, await browser.get(urlOf(uri)))
    expect(new URLSearchParams(answered.hash.slice(1)).get('access_token')).toBeTruthy()
  })

  it('are off, and not in discovery, in a pool without the tag', async () => {
    const { Id, Arn: ResourceArn = '' } = await makePool(server)
    const other = await appIn(server, Id)
    const discovery = async () =>
      (await (await fetch(`${other.base}/.well-known/openid-configuration`)).json()) as Record<string, unknown>
    expect((await push(other)).status).toBe(404)
    expect(await discovery()).not.toHaveProperty('pushed_authorization_request_endpoint')
    const Tags = { 'cognomen:pushed-authorization': 'required' }
    await server.admin.send(new TagResourceCommand({ ResourceArn, Tags }))
    expect((await push(other)).status).toBe(201)
    expect(await discovery()).toMatchObject({
      pushed_authorization_request_endpoint: `${other.base}/oauth2/par`,
      require_pushed_authorization_requests: true,
    })
    await server.admin.send(new UntagResourceCommand({ ResourceArn, TagKeys: Object.keys(Tags) }))
    expect((await push(other)).status).toBe(404)
  })
})
