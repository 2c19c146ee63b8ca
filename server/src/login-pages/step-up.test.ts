// Step-up: acr_values at the sign-in and over a session, and the claims acr and amr in every token.
// docs/reference/oauth-and-federation.md 13.
import { AssociateSoftwareTokenCommand, VerifySoftwareTokenCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { claimsOf, useTestServer } from '../../test/harness.ts'
import { type App, authorizeUrl, makeFactorApp, makeUser, passwordPage, redeem, tokenCall } from '../../test/oauth.ts'
import { Browser, leaving, type Page, wordsOf } from '../../test/page-walker.ts'
import { codeOf, SMS, STEP_MS, TOTP } from '../../test/second-factors.ts'

const [ONE, TWO, THREE, FOUR] = [1, 2, 3, 4].map((level) => `urn:cognito:loa:${level}`) as [
  string,
  string,
  string,
  string,
]

describe('a level of assurance', () => {
  const server = useTestServer()
  let app: App
  let name: string
  let number: string
  let browser: Browser
  let count = 0
  beforeAll(async () => {
    app = await makeFactorApp(server, { MfaConfiguration: 'OPTIONAL', SmsMfaConfiguration: SMS, ...TOTP })
  })
  beforeEach(async () => {
    number = `+1555${String(++count).padStart(7, '0')}`
    name = await makeUser(app, { phone_number: number, phone_number_verified: 'true' })
    browser = new Browser()
  })
  const code = async () => (await server.outbox.latestCode(number)) as string
  const tokensOf = async (walk: Promise<Page>) => (await redeem(app, await leaving(walk))).json
  const expectClaims = (json: Record<string, string>, acr: string, amr: string[]) => {
    for (const token of [json['id_token'], json['access_token']])
      expect(claimsOf(token as string)).toMatchObject({ acr, amr })
  }
  const continueAs = (page: Page) => {
    const sub = /name="continueAs" value="([^"]*)"/.exec(page.text)?.[1] as string
    return browser.submit(page, { continueAs: sub })
  }

  it('is in the tokens whether it was asked for or not, and stays over a refresh', async () => {
    const json = await tokensOf(passwordPage(app, browser, name))
    expectClaims(json, ONE, ['pwd'])
    server.clock.advance(60_000)
    const refresh = {
      grant_type: 'refresh_token',
      client_id: app.clientId,
      refresh_token: json['refresh_token'] as string,
    }
    expectClaims((await tokenCall(app, refresh)).json, ONE, ['pwd'])
  })

  it('that is asked for takes a factor which the user has not turned on', async () => {
    const sms = await passwordPage(app, browser, name, { acr_values: THREE })
    expect(wordsOf(sms)).toContain('We sent a code to')
    expectClaims(await tokensOf(browser.submit(sms, { code: await code() })), THREE, ['pwd', 'sms', 'mfa'])
  })

  it('is the first of those that the user can reach; what nobody knows is passed over', async () => {
    const sms = await passwordPage(app, browser, name, { acr_values: `urn:unknown ${FOUR} ${THREE} ${TWO}` })
    expectClaims(await tokensOf(browser.submit(sms, { code: await code() })), THREE, ['pwd', 'sms', 'mfa'])
    const other = new Browser()
    const none = await makeUser(app)
    expectClaims(await tokensOf(passwordPage(app, other, none, { acr_values: FOUR })), ONE, ['pwd'])
  })

  it('is stepped up to from a session, by the one proof that is missing; then it is there for every application', async () => {
    await leaving(passwordPage(app, browser, name))
    const page = await browser.get(authorizeUrl(app, { acr_values: THREE }))
    expect(wordsOf(page)).toContain(`Continue as ${name}`)
    const sms = await continueAs(page)
    expect(wordsOf(sms)).toContain('We sent a code to')
    expectClaims(await tokensOf(browser.submit(sms, { code: await code() })), THREE, ['pwd', 'sms', 'mfa'])
    const again = await tokensOf(browser.get(authorizeUrl(app, { acr_values: THREE, prompt: 'none' })))
    expectClaims(again, THREE, ['pwd', 'sms', 'mfa'])
  })

  it('that a session does not have is no silent sign-in', async () => {
    await leaving(passwordPage(app, browser, name))
    const refused = await leaving(browser.get(authorizeUrl(app, { acr_values: THREE, prompt: 'none' })))
    expect(refused.searchParams.get('error')).toBe('login_required')
    // A level that the session has, or that nothing leads to.
    for (const acr_values of [ONE, FOUR, 'urn:unknown'])
      expectClaims(await tokensOf(browser.get(authorizeUrl(app, { acr_values, prompt: 'none' }))), ONE, ['pwd'])
  })

  it('of an authenticator app is the highest, under the name that the pool gives it', async () => {
    const named = await makeFactorApp(
      server,
      { MfaConfiguration: 'OPTIONAL', ...TOTP },
      {
        pool: { AcrConfiguration: { Level4: { AcrValue: 'gold' } } },
      },
    )
    const user = await makeUser(named)
    const { json } = await redeem(named, await leaving(passwordPage(named, browser, user)))
    const AccessToken = json['access_token']
    const { SecretCode: secret = '' } = await server.app.send(new AssociateSoftwareTokenCommand({ AccessToken }))
    const UserCode = codeOf(secret, server.clock.now())
    await server.app.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }))
    server.clock.advance(STEP_MS)
    browser = new Browser()
    const page = await passwordPage(named, browser, user, { acr_values: 'gold' })
    const answered = await leaving(browser.submit(page, { code: codeOf(secret, server.clock.now()) }))
    expectClaims((await redeem(named, answered)).json, 'gold', ['pwd', 'otp', 'mfa'])
    const discovery = await (await fetch(`${named.base}/.well-known/openid-configuration`)).json()
    expect(discovery.acr_values_supported).toEqual([ONE, TWO, THREE, 'gold'])
  })

  it('of a session counts as long as it is young enough', async () => {
    await leaving(passwordPage(app, browser, name))
    server.clock.advance(20_000)
    const page = await browser.get(authorizeUrl(app, { acr_values: THREE, max_age: '10' }))
    expect(wordsOf(page)).not.toContain('Continue as')
  })
})
