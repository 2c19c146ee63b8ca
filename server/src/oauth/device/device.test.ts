// Devices without a browser through the front door (RFC 8628): the device asks, its user types the code in a browser.
import { AdminUserGlobalSignOutCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { claimsOf, engines, makePool, useTestServer } from '../../../test/harness.ts'
import {
  type App,
  appIn,
  authorizeUrl,
  CALLBACK,
  makeUser,
  PASSWORD,
  signInByPage,
  type TokenResponse,
  tokenCall,
} from '../../../test/oauth.ts'
import { Browser, type Page, wordsOf } from '../../../test/page-walker.ts'

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

describe.each(engines)('a device without a browser on %s', (engine) => {
  const server = useTestServer({ engine })
  let app: App
  let service: App
  let username: string

  beforeAll(async () => {
    const UserPoolTags = { 'cognomen:device-grant:TV': 'on' }
    const { Id } = await makePool(server, { UserPoolTags })
    app = await appIn(server, Id, { ClientName: 'TV' })
    service = await appIn(server, Id, { ClientName: 'TV', GenerateSecret: true })
  })
  // A fresh browser and user for each, so that no session of another test is met.
  let browser: Browser
  beforeEach(async () => {
    browser = new Browser()
    username = await makeUser(app, { email: 'ann@example.com' })
  })

  const credentials = ({ clientId, secret }: App): Record<string, string> => ({
    client_id: clientId,
    ...(secret !== undefined && { client_secret: secret }),
  })
  const begin = async (of: App = app, form: Record<string, string> = {}) => {
    const body = new URLSearchParams({ ...credentials(of), ...form })
    const response = await fetch(`${of.base}/oauth2/device_authorization`, { method: 'POST', body })
    return { status: response.status, json: (await response.json()) as Record<string, string> }
  }
  const begun = async (of: App = app, form: Record<string, string> = {}) => {
    const { status, json } = await begin(of, form)
    expect(status).toBe(200)
    return { deviceCode: json['device_code'] ?? '', userCode: json['user_code'] ?? '' }
  }
  const poll = (device_code: string, of: App = app): Promise<TokenResponse> =>
    tokenCall(of, { grant_type: GRANT, device_code, ...credentials(of) })
  const errorOf = async (device_code: string, of: App = app): Promise<string | undefined> =>
    (await poll(device_code, of)).json['error']
  const type = async (userCode: string, at = browser): Promise<Page> =>
    at.submit(await at.get(`${app.base}/device`), { user_code: userCode })
  /** The page on which the user allows or cancels. */
  const decide = async (userCode: string): Promise<Page> =>
    browser.submit(await type(userCode), { username, password: PASSWORD })
  const allow = async (userCode: string): Promise<Page> => browser.submit(await decide(userCode), { decision: 'allow' })

  it('is told where its user goes, and gets tokens when the user has allowed it', async () => {
    const { json } = await begin(app, { scope: 'openid email' })
    expect(json).toEqual({
      device_code: expect.any(String),
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      verification_uri: `${app.base}/device`,
      verification_uri_complete: `${app.base}/device?user_code=${json['user_code']}`,
      expires_in: 600,
      interval: 5,
    })
    const { device_code: deviceCode = '', user_code: userCode = '' } = json
    expect(await errorOf(deviceCode)).toBe('authorization_pending')
    const page = await decide(userCode)
    expect(page.url.pathname).toBe(`/${app.poolId}/consent`)
    const words = wordsOf(page)
    for (const text of ['Sign in to TV on your device?', userCode, 'read your email address', 'cancel: they would'])
      expect(words).toContain(text)
    const done = await browser.submit(page, { decision: 'allow' })
    expect([done.status, done.url.pathname]).toEqual([200, `/${app.poolId}/device/ended`])
    expect(wordsOf(done)).toContain('Your device is signed in')
    const { status, json: tokens } = await poll(deviceCode)
    expect(status).toBe(200)
    const claims = claimsOf(tokens['access_token'] as string)
    expect([claims['client_id'], claims['username'], claims['scope']]).toEqual([app.clientId, username, 'openid email'])
    expect(claimsOf(tokens['id_token'] as string)['email']).toBe('ann@example.com')
    const form = { grant_type: 'refresh_token', refresh_token: tokens['refresh_token'] ?? '', ...credentials(app) }
    expect((await tokenCall(app, form)).status).toBe(200)
  })

  it('has its code in the address of a QR code, which still has to be confirmed', async () => {
    const { deviceCode, userCode } = await begun()
    const page = await browser.get(`${app.base}/device?user_code=${userCode}`)
    expect(page.text).toContain(`value="${userCode}"`)
    expect(await errorOf(deviceCode)).toBe('authorization_pending')
    const asked = await browser.submit(await browser.submit(page, { user_code: userCode }), {
      username,
      password: PASSWORD,
    })
    expect(wordsOf(asked)).toContain(userCode)
  })

  it('is confirmed by a user who is signed in already, too', async () => {
    await signInByPage(app, username, {}, browser)
    const { deviceCode, userCode } = await begun()
    const page = await type(userCode.toLowerCase().replace('-', ' '))
    expect(page.url.pathname).toBe(`/${app.poolId}/consent`)
    await browser.submit(page, { decision: 'allow' })
    expect((await poll(deviceCode)).status).toBe(200)
  })

  it('is told when the user cancels, once and for all', async () => {
    const { deviceCode, userCode } = await begun()
    const page = await decide(userCode)
    const ended = await browser.submit(page, { decision: 'cancel' })
    expect([ended.status, wordsOf(ended)]).toEqual([200, expect.stringContaining('The device was not signed in')])
    expect(await errorOf(deviceCode)).toBe('access_denied')
    // The page of before, sent again.
    const again = await browser.submit(page, { decision: 'allow' })
    expect([again.status, wordsOf(again)]).toEqual([400, expect.stringContaining('does not wait any more')])
    expect(await errorOf(deviceCode)).toBe('access_denied')
  })

  it('waits longer when it asks too often', async () => {
    const { deviceCode } = await begun()
    expect(await errorOf(deviceCode)).toBe('authorization_pending')
    expect(await errorOf(deviceCode)).toBe('slow_down')
    server.clock.advance(5000)
    expect(await errorOf(deviceCode)).toBe('slow_down')
    server.clock.advance(15_000)
    expect(await errorOf(deviceCode)).toBe('authorization_pending')
  })

  it('gets tokens once, of many questions at a time', async () => {
    const { deviceCode, userCode } = await begun()
    await allow(userCode)
    const answers = await Promise.all(Array.from({ length: 20 }, () => poll(deviceCode)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const others = answers.filter(({ status }) => status !== 200).map(({ json }) => json['error'])
    expect(new Set(others)).toEqual(new Set(['invalid_grant']))
    const token = answers.find(({ status }) => status === 200)?.json['access_token'] as string
    const info = await fetch(`${app.base}/oauth2/userInfo`, { headers: { authorization: `Bearer ${token}` } })
    expect(info.status).toBe(200)
  })

  it('is allowed once, of many pages at a time', async () => {
    const { deviceCode, userCode } = await begun()
    const page = await decide(userCode)
    const ends = await Promise.all(
      ['allow', 'cancel', 'allow', 'allow'].map((decision) => browser.submit(page, { decision })),
    )
    const allowed = ends.filter((end) => wordsOf(end).includes('Your device is signed in')).length
    const { status, json } = await poll(deviceCode)
    expect(allowed === 1 ? status : json['error']).toBe(allowed === 1 ? 200 : 'access_denied')
    expect(allowed).toBeLessThanOrEqual(1)
  })

  it('has ten minutes', async () => {
    const { deviceCode, userCode } = await begun()
    server.clock.advance(60_000)
    const page = await decide(userCode)
    server.clock.advance(541_000)
    expect(await errorOf(deviceCode)).toBe('expired_token')
    expect(wordsOf(await browser.submit(page, { decision: 'allow' }))).toContain('does not wait any more')
    const late = await type(userCode)
    expect([late.status, wordsOf(late)]).toEqual([400, expect.stringContaining('No device waits for this code.')])
    expect(await errorOf(deviceCode)).toBe('expired_token')
  })

  it('gets nothing of a user who was signed out meanwhile', async () => {
    const { deviceCode, userCode } = await begun()
    await allow(userCode)
    await server.admin.send(new AdminUserGlobalSignOutCommand({ UserPoolId: app.poolId, Username: username }))
    expect(await errorOf(deviceCode)).toBe('invalid_grant')
  })

  it('gets nothing by the code of another client, nor with a wrong secret, nor by what is no code', async () => {
    const { deviceCode, userCode } = await begun()
    await allow(userCode)
    expect(await errorOf(deviceCode, service)).toBe('invalid_grant')
    expect(await errorOf(deviceCode, { ...service, secret: 'wrong' })).toBe('invalid_client')
    for (const code of ['x', userCode, `${deviceCode}x`]) expect(await errorOf(code)).toBe('invalid_grant')
    expect(await errorOf('')).toBe('invalid_request')
    expect((await poll(deviceCode)).status).toBe(200)
  })

  it.each(['', 'x', 'BCDF-GHJK', 'AAAA-AAAA', '<script>alert(1)</script>'])('is not found by %j', async (typed) => {
    const page = await type(typed)
    expect([page.status, page.url.pathname]).toEqual([400, `/${app.poolId}/device`])
    expect(page.text).not.toContain('<script>')
    expect(wordsOf(page)).toContain(typed === '' ? 'Fill in every field.' : 'No device waits for this code.')
  })

  it('is not found by the form of another site, nor asked for without the page of consent', async () => {
    const { deviceCode, userCode } = await begun()
    const forged = await browser.post(`${app.base}/device`, new URLSearchParams({ user_code: userCode }))
    expect([forged.status, forged.url.pathname]).toEqual([403, `/${app.poolId}/device`])
    const page = await decide(userCode)
    const cross = await browser.post(page.url.href, new URLSearchParams({ decision: 'allow' }))
    expect(cross.url.pathname).not.toBe(`/${app.poolId}/device/ended`)
    // Whoever is sent the address of the page, or of one before it, has the code to look at first, also when signed in.
    const victim = new Browser()
    await signInByPage(app, username, {}, victim)
    const before = new URL(page.url)
    before.pathname = before.pathname.replace('/consent', '/oauth2/authorize')
    before.searchParams.delete('consent')
    for (const url of [page.url, before]) {
      const shown = await victim.get(url)
      expect(shown.url.href).toBe(`${app.base}/device?user_code=${userCode}`)
    }
    expect(await errorOf(deviceCode)).toBe('authorization_pending')
  })

  it('is refused scopes that its client has not, and a client that may not ask', async () => {
    const { status, json } = await begin(app, { scope: 'openid other' })
    expect([status, json['error']]).toEqual([400, 'invalid_scope'])
    const plain = await appIn(server, app.poolId, { ClientName: 'web' })
    const refused = await begin(plain)
    expect([refused.status, refused.json['error']]).toEqual([400, 'unauthorized_client'])
    expect((await begin({ ...service, secret: 'wrong' })).status).toBe(401)
    const { deviceCode } = await begun()
    expect(await errorOf(deviceCode, plain)).toBe('unauthorized_client')
    const body = new URLSearchParams(credentials(app)).toString()
    const twice = await fetch(`${app.base}/oauth2/device_authorization`, {
      method: 'POST',
      body: `${body}&scope=openid&scope=email`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect([twice.status, await twice.json()]).toMatchObject([400, { error: 'invalid_request' }])
  })

  it('has no page and no endpoint in a pool whose clients may not ask', async () => {
    const { Id } = await makePool(server)
    const other = await appIn(server, Id, { ClientName: 'TV' })
    expect((await begin(other)).status).toBe(404)
    for (const path of ['/device', '/device/ended'])
      expect([path, (await browser.get(other.base + path)).status]).toEqual([path, 404])
    const discovery = async (base: string) =>
      (await (await fetch(`${base}/.well-known/openid-configuration`)).json()) as Record<string, unknown>
    expect(await discovery(other.base)).not.toHaveProperty('device_authorization_endpoint')
    expect(await discovery(app.base)).toMatchObject({
      device_authorization_endpoint: `${app.base}/oauth2/device_authorization`,
      grant_types_supported: expect.arrayContaining([GRANT]),
    })
  })

  it('leads the user on in the language of the page', async () => {
    const { userCode } = await begun()
    const page = await browser.get(`${app.base}/device?lang=de`)
    const login = await browser.submit(page, { user_code: userCode })
    expect(login.text).toContain('lang="de"')
    expect(authorizeUrl(app, { redirect_uri: CALLBACK }).pathname).toContain(app.poolId)
  })
})

describe('where calls of an address are limited', () => {
  const server = useTestServer({ env: { PUBLIC_CALLS_PER_MINUTE: '100', TRUSTED_PROXIES: '127.0.0.1' } })
  let app: App
  beforeAll(async () => {
    const { Id } = await makePool(server, { UserPoolTags: { 'cognomen:device-grant:TV': 'on' } })
    app = await appIn(server, Id, { ClientName: 'TV' })
    server.clock.freeze()
  })
  const from = (address: string) => ({ 'x-forwarded-for': address })

  it('devices behind one address may ask as often as they are told to, and no more', async () => {
    const body = new URLSearchParams({ client_id: app.clientId })
    const poll = async () => {
      // From the machine itself, which has no limit.
      const begun = await fetch(`${app.base}/oauth2/device_authorization`, { method: 'POST', body })
      const { device_code = '' } = (await begun.json()) as Record<string, string>
      const form = { grant_type: GRANT, device_code, client_id: app.clientId }
      return () => tokenCall(app, form, from('203.0.113.8'))
    }
    const devices = await Promise.all(Array.from({ length: 110 }, poll))
    for (const ask of devices) expect((await ask()).json['error']).toBe('authorization_pending')
    const statuses: number[] = []
    for (const ask of devices) statuses.push((await ask()).status)
    expect([statuses[0], statuses.at(-1)]).toEqual([400, 429])
  })

  it('somebody who tries codes is stopped after a few', async () => {
    const browser = new Browser()
    const headers = from('203.0.113.9')
    const page = await browser.get(`${app.base}/device`, headers)
    const statuses: number[] = []
    for (let i = 0; i < 8; i++)
      statuses.push((await browser.submit(page, { user_code: 'BCDF-GHJK' }, '', headers)).status)
    expect(statuses.slice(0, 4)).toEqual([400, 400, 400, 400])
    expect(statuses.at(-1)).toBe(429)
  })
})
