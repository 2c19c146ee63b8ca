// Requests that were pushed, and those of devices, on the way through an identity provider: nothing of them is lost or can be added.
import { beforeAll, describe, expect, it } from 'vitest'
import { makeFederatedApp, ownProvider } from '../../test/federated-app.ts'
import { claimsOf, useTestServer } from '../../test/harness.ts'
import { type App, appIn, authorizeUrl, CALLBACK, redeem, tokenCall } from '../../test/oauth.ts'
import { fromProvider, toProvider, useOpenIdProvider } from '../../test/openid-providers.ts'
import { Browser, leaving, type Page } from '../../test/page-walker.ts'

describe('through an identity provider', () => {
  const server = useTestServer()
  const upstream = useOpenIdProvider()
  let app: App
  let tv: App

  beforeAll(async () => {
    const UserPoolTags = { 'cognomen:pushed-authorization': 'required', 'cognomen:device-grant:TV': 'on' }
    app = await makeFederatedApp(server, { pool: { UserPoolTags }, providers: [ownProvider(upstream.url)] })
    tv = await appIn(server, app.poolId, { ClientName: 'TV', SupportedIdentityProviders: ['COGNITO', 'Own'] })
    upstream.account = { sub: 'ada', email: 'ada@example.com', name: 'Ada' }
  })

  const post = async (path: string, form: Record<string, string>): Promise<Record<string, string>> => {
    const response = await fetch(`${app.base}${path}`, { method: 'POST', body: new URLSearchParams(form) })
    return (await response.json()) as Record<string, string>
  }
  const push = async (more: Record<string, string>): Promise<URL> => {
    const own = { client_id: app.clientId, response_type: 'code', redirect_uri: CALLBACK, state: 'st', nonce: 'no' }
    const { request_uri } = await post('/oauth2/par', { ...own, ...more })
    return authorizeUrl(app, { request_uri, response_type: undefined, redirect_uri: undefined })
  }
  const throughProvider = async (browser: Browser, url: URL): Promise<Page> => {
    const back = await fromProvider(await toProvider(browser, url))
    return back instanceof URL ? browser.get(back) : browser.submit(back, {})
  }
  const userOf = async (answered: URL) => {
    expect(answered.searchParams.get('state')).toBe('st')
    return claimsOf((await redeem(app, answered)).json['id_token'] as string)
  }

  it('goes a pushed request that names it', async () => {
    const browser = new Browser()
    const answered = await leaving(throughProvider(browser, await push({ identity_provider: 'Own' })))
    expect(await userOf(answered)).toMatchObject({ name: 'Ada', nonce: 'no' })
  })

  it('goes a pushed request whose user chooses it on the sign-in page', async () => {
    const browser = new Browser()
    const page = await browser.get(await push({}))
    const [, href = ''] = /<a class="[^"]*" href="([^"]*identity_provider=Own[^"]*)"/.exec(page.text) ?? []
    const answered = await leaving(throughProvider(browser, new URL(href.replaceAll('&amp;', '&'), page.url)))
    expect(await userOf(answered)).toMatchObject({ name: 'Ada' })
  })

  it('goes none that names another way', async () => {
    const browser = new Browser()
    const page = await browser.get(await push({ identity_provider: 'COGNITO' }))
    const other = new URL(page.url)
    other.searchParams.set('identity_provider', 'Own')
    expect((await browser.get(other)).url.pathname).toBe(`/${app.poolId}/login`)
  })

  it('goes the user of a device, who is asked all the same', async () => {
    const { device_code = '', user_code = '' } = await post('/oauth2/device_authorization', { client_id: tv.clientId })
    const browser = new Browser()
    const login = await browser.submit(await browser.get(`${app.base}/device`), { user_code })
    const own = new URL(login.url)
    own.pathname = own.pathname.replace('/login', '/oauth2/authorize')
    own.searchParams.set('identity_provider', 'Own')
    const page = await throughProvider(browser, own)
    expect(page.url.pathname).toBe(`/${app.poolId}/consent`)
    await browser.submit(page, { decision: 'allow' })
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code, client_id: tv.clientId }
    const { json } = await tokenCall(tv, form)
    expect(claimsOf(json['access_token'] as string)['username']).toBe('Own_ada')
  })
})
