// /passkeys/add: has a passkey made for the user of the browser's session, and says in plain words what does not work.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Authenticator, type CreationOptions } from '../../test/authenticator.ts'
import { claimsOf, useTestServer } from '../../test/harness.ts'
import {
  type App,
  appIn,
  authorizeUrl,
  CALLBACK,
  makeApp,
  makeUser,
  passwordPage,
  redeem,
  signInByPage,
} from '../../test/oauth.ts'
import { Browser, leaving, type Page, wordsOf } from '../../test/page-walker.ts'
import { PASSKEY_CLIENT, PASSKEY_POOL } from '../../test/passkeys.ts'
import { setTracking } from '../../test/user-sessions.ts'

const optionsOf = ({ text }: Page): CreationOptions =>
  JSON.parse((/data-options="([^"]*)"/.exec(text)?.[1] ?? 'null').replaceAll('&quot;', '"'))

describe('a passkey is added on the pages', () => {
  const server = useTestServer()
  let app: App
  let name: string
  let browser: Browser
  beforeAll(async () => {
    app = await makeApp(server, { pool: PASSKEY_POOL, client: PASSKEY_CLIENT })
  })
  beforeEach(async () => {
    name = await makeUser(app)
    browser = new Browser()
  })
  /** The page's address, of an application that wants its user back and nothing more. */
  const addUrl = (parameters: Record<string, string> = {}, of = app) =>
    `${of.base}/passkeys/add?${new URLSearchParams({ client_id: of.clientId, redirect_uri: CALLBACK, ...parameters })}`
  const made = (page: Page, authenticator = new Authenticator(), twist = {}) => ({
    credential: JSON.stringify(authenticator.create(optionsOf(page), twist)),
  })

  it('of a browser with a session, which then signs in with it', async () => {
    await signInByPage(app, name, {}, browser)
    const page = await browser.get(addUrl())
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'nonce-[\w-]{22}';/)
    const authenticator = new Authenticator()
    const answered = await leaving(browser.submit(page, made(page, authenticator)))
    expect(String(answered)).toBe(CALLBACK)
    // A page that is sent twice adds nothing.
    const twice = await browser.submit(page, made(page, authenticator))
    expect(twice.status).toBe(400)
    expect(wordsOf(twice)).toContain('This took too long. Try again.')

    const other = new Browser()
    const choice = await other.submit(await other.get(authorizeUrl(app)), { username: name })
    const asked = await other.submit(choice, { answer: 'WEB_AUTHN' })
    const credential = JSON.stringify(authenticator.get(optionsOf(asked) as never))
    const { json } = await redeem(app, await leaving(other.submit(asked, { credential })))
    expect(claimsOf(json['access_token'] as string)['username']).toBe(name)
  })

  it('on the way to the application, which gets its answer then or when the user wants none', async () => {
    await signInByPage(app, name, {}, browser)
    const { search } = authorizeUrl(app, { state: 's' })
    const page = await browser.get(`${app.base}/passkeys/add${search}`)
    for (const fields of [{ skip: 'yes' }, made(page)]) {
      const answered = await leaving(browser.submit(page, fields))
      expect(answered.searchParams.get('state')).toBe('s')
      expect((await redeem(app, answered)).status).toBe(200)
    }
    expect(String(await leaving(browser.submit(await browser.get(addUrl()), { skip: 'yes' })))).toBe(CALLBACK)
  })

  it('does not spare the user the proof that the application asks for', async () => {
    await signInByPage(app, name, {}, browser)
    server.clock.advance(10 * 60_000)
    for (const parameters of [{ prompt: 'login' }, { max_age: '60' }]) {
      const { search } = authorizeUrl(app, parameters)
      const page = await browser.get(`${app.base}/passkeys/add${search}`)
      const login = await browser.submit(page, { skip: 'yes' })
      expect(login.url.pathname).toBe(`/${app.poolId}/login`)
    }
  })

  it('not without a session: a whole request leads to the sign-in page', async () => {
    const page = await browser.get(addUrl())
    expect(page.status).toBe(401)
    expect(wordsOf(page)).toContain('Sign in before you add a passkey.')
    expect(page.text).not.toContain('/login')
    expect((await browser.get(addUrl({ response_type: 'code' }))).text).toContain(`/${app.poolId}/login?`)
    await signInByPage(app, name, {}, browser)
    const stale = await browser.get(addUrl())
    browser.forget('cognito')
    expect((await browser.submit(stale, made(stale))).status).toBe(401)
  })

  it('not with a session that is older than an hour, however long applications take it', async () => {
    const long = await makeApp(server, { pool: PASSKEY_POOL, client: PASSKEY_CLIENT })
    await setTracking(server, long.poolId)
    await signInByPage(long, await makeUser(long), {}, browser)
    const page = await browser.get(addUrl({}, long))
    server.clock.advance(61 * 60_000)
    expect((await browser.get(addUrl({}, long))).status).toBe(401)
    expect((await browser.submit(page, made(page))).status).toBe(401)
  })

  it('not for an address that the application has not registered, nor for a form of another site', async () => {
    await signInByPage(app, name, {}, browser)
    const wrong = await browser.get(addUrl({ redirect_uri: 'https://evil.example/' }))
    expect(wrong.url.pathname).toBe(`/${app.poolId}/error`)
    const page = await browser.get(addUrl())
    browser.setCookie('XSRF-TOKEN', 'another-token-of-22-chars', `/${app.poolId}`)
    expect((await browser.submit(page, made(page))).status).toBe(403)
  })

  it('not where the pool has no passkeys, and says so', async () => {
    const plain = await makeApp(server)
    await signInByPage(plain, await makeUser(plain), {}, browser)
    const page = await browser.get(addUrl({}, plain))
    expect(page.status).toBe(400)
    expect(wordsOf(page)).toContain('Passkeys cannot be used here. Continue')
    expect(page.headers.get('content-security-policy')).not.toContain('script-src')
    expect(String(await leaving(browser.submit(page, { skip: 'yes' })))).toBe(CALLBACK)
  })

  it.each([
    ['made at another address', { origin: 'https://evil.example' }, 'Passkeys cannot be used at this address.'],
    ['made for another domain', { rpId: 'evil.example' }, 'Passkeys cannot be used at this address.'],
    ['with a challenge of nobody', { challenge: 'AAAA' }, 'This took too long. Try again.'],
    ['with a key of another kind', { coseKey: Buffer.from('a10102', 'hex') }, 'This passkey cannot be used here.'],
  ])('not one %s', async (_, twist, words) => {
    await signInByPage(app, name, {}, browser)
    const page = await browser.get(addUrl())
    const refused = await browser.submit(page, made(page, new Authenticator(), twist))
    expect(refused.status).toBe(400)
    expect(wordsOf(refused)).toContain(words)
    await leaving(browser.submit(refused, made(refused)))
  })

  it('not with the page of another application or user, nor too late', async () => {
    const other = await appIn(server, app.poolId, PASSKEY_CLIENT)
    await signInByPage(app, name, {}, browser)
    const page = await browser.get(addUrl())
    const elsewhere = await browser.get(addUrl({}, other))
    expect(wordsOf(await browser.submit(elsewhere, made(page)))).toContain('This took too long. Try again.')
    const late = await browser.get(addUrl())
    server.clock.advance(5 * 60_000 + 1)
    expect(wordsOf(await browser.submit(late, made(late)))).toContain('This took too long. Try again.')
    const second = new Browser()
    await leaving(passwordPage(app, second, await makeUser(app)))
    const theirs = await second.get(addUrl())
    expect(wordsOf(await second.submit(theirs, made(page)))).toContain('This took too long. Try again.')
  })
})
