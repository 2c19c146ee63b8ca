// Passkeys on the login pages in a real browser with a virtual authenticator: one is added at /passkeys/add and signed in with,
// by the pages' own script under their Content-Security-Policy; what fails is said.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser } from '../browser.ts'
import { claimsOf, useTestServer } from '../harness.ts'
import { type App, authorizeUrl, makeApp, makeUser, PASSWORD, redeem } from '../oauth.ts'
import { PASSKEY_CLIENT, PASSKEY_POOL } from '../passkeys.ts'

describe('passkeys on the login pages, in a browser', () => {
  const server = useTestServer()
  let app: App
  /** The application, whose one page says nothing: it is in the address what it is told. */
  let appPages: Server
  let callback: string
  let browser: Browser
  let page: Page
  let devtools: CDPSession
  let authenticatorId: string
  let name: string
  const problems: string[] = []

  beforeAll(async () => {
    browser = await openBrowser()
    appPages = createServer((_request, response) => {
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><link rel="icon" href="data:,"><h1>The app</h1>')
    })
    await new Promise<void>((done) => appPages.listen(0, '127.0.0.1', done))
    callback = `http://localhost:${(appPages.address() as AddressInfo).port}/callback`
    const client = { ...PASSKEY_CLIENT, CallbackURLs: [callback] }
    const made = await makeApp(server, { pool: PASSKEY_POOL, client })
    // Browsers know no passkeys of addresses.
    app = { ...made, base: made.base.replace('127.0.0.1', 'localhost') }
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    appPages?.close()
  })
  beforeEach(async () => {
    name = await makeUser(app)
    problems.length = 0
    page = await (await browser.newContext()).newPage()
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    page.on('pageerror', (error) => problems.push(String(error)))
    devtools = await page.context().newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    ;({ authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    }))
  })
  afterEach(() => page.context().close())

  const authorize = (parameters: Record<string, string> = {}) =>
    page.goto(String(authorizeUrl(app, { redirect_uri: callback, ...parameters })))
  const atApp = async (): Promise<URL> => {
    await page.waitForURL(`${callback}**`)
    return new URL(page.url())
  }
  const userOf = async (answered: URL): Promise<unknown> => {
    const { json } = await redeem(app, answered, { redirect_uri: callback })
    return claimsOf(json['access_token'] as string)['username']
  }
  const signInByPassword = async () => {
    await page.fill('input[name="username"]', name)
    await page.keyboard.press('Enter')
    await page.fill('input[name="password"]', PASSWORD)
    await page.keyboard.press('Enter')
    return userOf(await atApp())
  }
  const addUrl = () =>
    `${app.base}/passkeys/add?${new URLSearchParams({ client_id: app.clientId, redirect_uri: callback })}`

  it('are added and signed in with', async () => {
    await authorize()
    expect(await signInByPassword()).toBe(name)

    await page.goto(addUrl())
    await page.getByRole('button', { name: 'Create a passkey' }).click()
    expect(String(await atApp())).toBe(callback)

    await authorize({ prompt: 'login' })
    expect(await page.inputValue('input[name="username"]')).toBe(name)
    await page.getByRole('button', { name: 'Continue' }).click()
    // The browser is asked at once.
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    expect(await userOf(await atApp())).toBe(name)

    // The authenticator knows by the ids to leave out that it has one already.
    await page.goto(addUrl())
    await page.getByRole('button', { name: 'Create a passkey' }).click()
    await page.getByText('This device has a passkey for your account already.').waitFor()
    await page.getByRole('button', { name: 'Not now' }).click()
    expect(String(await atApp())).toBe(callback)
    expect(problems).toEqual([])
  })

  it('that are gone are said to be, and another way is open; again is up to the user', async () => {
    await authorize()
    await signInByPassword()
    await page.goto(addUrl())
    await page.getByRole('button', { name: 'Create a passkey' }).click()
    await atApp()
    // A user who does not confirm.
    await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
    await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: true })
    await devtools.send('WebAuthn.clearCredentials', { authenticatorId })
    await authorize({ prompt: 'login' })
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByText('No passkey was used').waitFor()
    await page.getByRole('button', { name: 'Use your passkey' }).waitFor()
    await page.getByRole('button', { name: 'Use another way' }).click()
    await page.fill('input[name="password"]', PASSWORD)
    await page.keyboard.press('Enter')
    expect(await userOf(await atApp())).toBe(name)
    expect(problems).toEqual([])
  })

  it('say that they need a script where there is none', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const bare = await context.newPage()
    await bare.goto(String(authorizeUrl(app, { redirect_uri: callback })))
    await bare.fill('input[name="username"]', name)
    await bare.keyboard.press('Enter')
    await bare.fill('input[name="password"]', PASSWORD)
    await bare.keyboard.press('Enter')
    await bare.waitForURL(`${callback}**`)
    await bare.goto(addUrl())
    await bare.getByText('Passkeys need JavaScript.').waitFor()
    await bare.getByRole('button', { name: 'Not now' }).click()
    await bare.waitForURL(callback)
    await context.close()
  })
})
