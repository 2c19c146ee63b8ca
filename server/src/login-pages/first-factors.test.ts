// Choice-based sign-in on the login pages: the username first, then a password, a code or a passkey. A client without it keeps
// both fields on one page. Also "continue as" and the prompts that ask for it.
import { AdminDisableUserCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Authenticator } from '../../test/authenticator.ts'
import { claimsOf, useTestServer } from '../../test/harness.ts'
import {
  type App,
  appIn,
  authorizeUrl,
  CALLBACK,
  makeApp,
  makeUser,
  PASSWORD,
  passwordPage,
  redeem,
  signInByPage,
} from '../../test/oauth.ts'
import { Browser, leaving, type Page, wordsOf } from '../../test/page-walker.ts'
import { registerPasskey } from '../../test/passkeys.ts'
import { SMS } from '../../test/second-factors.ts'

const ALL = ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'] as const
const CHOICE = ['ALLOW_USER_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const
let count = 0

describe('a choice-based sign-in on the pages', () => {
  const server = useTestServer()
  let app: App
  let name: string
  let email: string
  let number: string
  let browser: Browser
  beforeAll(async () => {
    app = await makeApp(server, {
      pool: { ...SMS, Policies: { SignInPolicy: { AllowedFirstAuthFactors: [...ALL] } } },
      client: { ExplicitAuthFlows: [...CHOICE], PreventUserExistenceErrors: 'ENABLED' },
    })
  })
  beforeEach(async () => {
    email = `first-${++count}@example.com`
    number = `+1555${String(count).padStart(7, '0')}`
    const verified = { email_verified: 'true', phone_number_verified: 'true' }
    name = await makeUser(app, { email, phone_number: number, ...verified })
    browser = new Browser()
  })
  const begin = async (username: string, of = app): Promise<Page> =>
    browser.submit(await browser.get(authorizeUrl(of, { prompt: 'login' })), { username })
  const signsIn = async (walk: Promise<Page>) => {
    const answered = await leaving(walk)
    expect(`${answered.origin}${answered.pathname}`).toBe(CALLBACK)
    const { json } = await redeem(app, answered)
    expect(claimsOf(json['access_token'] as string)['username']).toBe(name)
    return json['access_token'] as string
  }
  const code = async (to: string) => (await server.outbox.latestCode(to)) as string

  it('asks for the username, and then shows the field of the password beside the other ways', async () => {
    const page = await browser.get(authorizeUrl(app))
    expect(page.text).toContain('name="username"')
    expect(page.text).not.toContain('type="password"')
    const choice = await browser.submit(page, { username: name })
    expect(choice.text).toContain('type="password"')
    expect(wordsOf(choice)).toContain(`Signing in as ${name}`)
    expect(wordsOf(choice)).toContain('Sign in or Email me a code Text me a code')
    expect(wordsOf(choice)).not.toContain('passkey')
    const wrong = await browser.submit(choice, { password: 'Wrong-horse-1' })
    expect(wrong.status).toBe(400)
    expect(wordsOf(wrong)).toContain('Incorrect username or password.')
    await signsIn(browser.submit(wrong, { password: PASSWORD }))
  })

  it('takes username and password at once from scripts and password managers', async () => {
    await signsIn(passwordPage(app, browser, name))
  })

  it('keeps both fields on one page for a client that does not allow it, and in a pool of passwords alone', async () => {
    const plain = await appIn(server, app.poolId, { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] })
    const passwords = await makeApp(server, { client: { ExplicitAuthFlows: [...CHOICE] } })
    for (const one of [plain, passwords])
      expect((await browser.get(authorizeUrl(one))).text).toContain('type="password"')
    expect((await signInByPage(plain, name)).searchParams.get('code')).toBeTruthy()
  })

  it.each([
    ['EMAIL_OTP', () => email],
    ['SMS_OTP', () => number],
  ] as const)('signs in by %s: a wrong code, one more code, another way, and the right code', async (answer, to) => {
    const asked = await browser.submit(await begin(name), { answer })
    expect(wordsOf(asked)).toContain('We sent a code to')
    const wrong = await browser.submit(asked, { code: 'x' })
    expect(wordsOf(wrong)).toContain('The code is not right.')
    const again = await browser.submit(wrong, { again: 'same' })
    const choice = await browser.submit(again, { again: 'other' })
    expect(choice.text).toContain('type="password"')
    const last = await browser.submit(choice, { answer })
    await signsIn(browser.submit(last, { code: await code(to()) }))
    const used = await browser.submit(asked, { code: await code(to()) })
    expect(used.status).toBe(400)
  })

  it('goes back from a code to the password, where that is all there is beside it', async () => {
    const two = await makeApp(server, {
      pool: { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } } },
      client: { ExplicitAuthFlows: [...CHOICE] },
    })
    const username = await makeUser(two, { email, email_verified: 'true' })
    const sent = await browser.submit(await begin(username, two), { answer: 'EMAIL_OTP' })
    const password = await browser.submit(sent, { again: 'other' })
    expect(wordsOf(password)).toContain(`Signing in as ${username}`)
    const wrong = await browser.submit(password, { password: 'Wrong-horse-1' })
    expect(wordsOf(wrong)).toContain('Incorrect username or password.')
    expect((await leaving(browser.submit(wrong, { password: PASSWORD }))).searchParams.get('code')).toBeTruthy()
  })

  it('signs in with a passkey, whose page brings its one script and no other', async () => {
    const access = await signsIn(passwordPage(app, browser, name))
    const authenticator = new Authenticator()
    await registerPasskey(server, access, authenticator)
    browser = new Browser()
    const choice = await begin(name)
    expect(wordsOf(choice)).toContain('Use a passkey')
    expect(choice.headers.get('content-security-policy')).not.toContain('script-src')
    const page = await browser.submit(choice, { answer: 'WEB_AUTHN' })
    const nonce = /script-src 'nonce-([\w-]+)';/.exec(page.headers.get('content-security-policy') ?? '')?.[1]
    expect(page.text.match(/<script[^>]*>/g)).toEqual([`<script nonce="${nonce}">`])
    expect(page.text).not.toMatch(/<[^>]+ on[a-z]+=/)
    const text = /data-options="([^"]*)"/.exec(page.text)?.[1]?.replaceAll('&quot;', '"') as string
    const options = JSON.parse(text)
    expect(options).toMatchObject({ rpId: 'localhost', allowCredentials: [{ type: 'public-key' }] })
    const signed = (twist = {}) => ({ credential: JSON.stringify(authenticator.get(options, twist)) })
    for (const wrong of [
      signed({ challenge: 'AAAA' }),
      signed({ origin: 'https://evil.example' }),
      { credential: '{}' },
    ]) {
      const refused = await browser.submit(page, wrong)
      expect(refused.status).toBe(400)
      expect(wordsOf(refused)).toContain('The passkey was not accepted.')
      // The browser is not asked over and over for what was refused.
      expect(refused.text).not.toContain('data-at-once="yes"')
    }
    const claims = claimsOf(await signsIn(browser.submit(page, signed())))
    expect(claims).toMatchObject({ acr: 'urn:cognito:loa:3', amr: ['swk'] })
    const used = await browser.submit(page, signed())
    expect(wordsOf(used)).toContain('Please start again.')
  })

  it('knows a security key by its tokens', async () => {
    const access = await signsIn(passwordPage(app, browser, name))
    const authenticator = new Authenticator()
    await registerPasskey(server, access, authenticator, { attachment: 'cross-platform' })
    const page = await browser.submit(await begin(name), { answer: 'WEB_AUTHN' })
    const text = /data-options="([^"]*)"/.exec(page.text)?.[1]?.replaceAll('&quot;', '"') as string
    const credential = JSON.stringify(authenticator.get(JSON.parse(text)))
    const claims = claimsOf(await signsIn(browser.submit(page, { credential })))
    expect(claims).toMatchObject({ acr: 'urn:cognito:loa:3', amr: ['hwk'] })
  })

  it('asks for the passkey, by which alone the level that is asked for is reached, anew', async () => {
    const open = await appIn(server, app.poolId, {
      ExplicitAuthFlows: [...CHOICE],
      PreventUserExistenceErrors: 'LEGACY',
    })
    const access = await signsIn(passwordPage(app, browser, name))
    const authenticator = new Authenticator()
    await registerPasskey(server, access, authenticator)
    const asks = { acr_values: 'urn:cognito:loa:3' }
    const page = await browser.get(authorizeUrl(open, asks))
    expect(wordsOf(page)).not.toContain('Continue as')
    const choice = await browser.submit(page, { username: name })
    expect(wordsOf(choice)).toContain('Use a passkey')
    // Neither a password nor a code alone leads there.
    expect(choice.text).not.toContain('type="password"')
    expect(wordsOf(choice)).not.toContain('Email me a code')
    const passkey = await browser.submit(choice, { answer: 'WEB_AUTHN' })
    const text = /data-options="([^"]*)"/.exec(passkey.text)?.[1]?.replaceAll('&quot;', '"') as string
    const credential = JSON.stringify(authenticator.get(JSON.parse(text)))
    const { json } = await redeem(open, await leaving(browser.submit(passkey, { credential })))
    expect(claimsOf(json['id_token'] as string)).toMatchObject({ acr: 'urn:cognito:loa:3', amr: ['swk'] })
    expect(
      (await leaving(browser.get(authorizeUrl(open, { ...asks, prompt: 'none' })))).searchParams.get('code'),
    ).toBeTruthy()
  })

  it('shows the same for a name that belongs to nobody, page by page', async () => {
    // Whether a name has a passkey is made up for nobody (docs/behaviour/passkeys.md): take names without.
    const nobody = await (async () => {
      for (let i = 0; ; i++) {
        const one = `user-999${i}`
        if (!wordsOf(await begin(one)).includes('passkey')) return one
      }
    })()
    const neutral = (page: Page, username: string): string =>
      `${page.status} ${page.url.pathname} ${wordsOf(page).replaceAll(username, 'NAME')}`.replace(
        / to [^ ]*[*][^ ]*\./,
        ' to X.',
      )
    const walk = async (username: string): Promise<string[]> => {
      browser = new Browser()
      const choice = await begin(username)
      const wrong = await browser.submit(choice, { password: 'Wrong-horse-1' })
      const mail = await browser.submit(wrong, { answer: 'EMAIL_OTP' })
      const code = await browser.submit(mail, { code: '12345' })
      const again = await browser.submit(code, { again: 'same' })
      const atOnce = { username, password: 'Wrong-horse-1' }
      const both = await browser.submit(await browser.get(authorizeUrl(app)), atOnce)
      return [choice, wrong, mail, code, again, both].map((page) => neutral(page, username))
    }
    const [there, notThere] = [await walk(name), await walk(nobody)]
    // A user's contacts are two here; nobody seems to have one.
    const alike = (text: string) =>
      text.replace('Email me a code Text me a code', 'Email me a code').replace('Use another way ', '')
    expect(notThere.map(alike)).toEqual(there.map(alike))
  })

  it('refuses a user who was disabled meanwhile, and says so only after the proof', async () => {
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId: app.poolId, Username: name }))
    const choice = await begin(name)
    const wrong = await browser.submit(choice, { password: 'Wrong-horse-1' })
    expect(wordsOf(wrong)).toContain('Incorrect username or password.')
    expect(wordsOf(await browser.submit(wrong, { password: PASSWORD }))).toContain('Your account is disabled.')
  })

  describe('with a session of the browser', () => {
    it('continues as its user where select_account asks whom to go on as', async () => {
      await signInByPage(app, name, {}, browser)
      // Without a prompt nothing is asked.
      expect((await leaving(browser.get(authorizeUrl(app)))).searchParams.get('code')).toBeTruthy()
      const page = await browser.get(authorizeUrl(app, { prompt: 'select_account', state: 's' }))
      expect(wordsOf(page)).toContain(`Continue as ${name}`)
      const sub = /name="continueAs" value="([^"]*)"/.exec(page.text)?.[1] as string
      const answered = await leaving(browser.submit(page, { continueAs: sub }))
      expect(answered.searchParams.get('state')).toBe('s')
      const { json } = await redeem(app, answered)
      expect(claimsOf(json['access_token'] as string)['username']).toBe(name)
    })

    it('signs in as somebody else on the same page', async () => {
      await signInByPage(app, await makeUser(app), {}, browser)
      const page = await browser.get(authorizeUrl(app, { prompt: 'select_account' }))
      const choice = await browser.submit(
        { ...page, text: page.text.replace(/<form.*?<\/form>/s, '') },
        { username: name },
      )
      await signsIn(browser.submit(choice, { password: PASSWORD }))
    })

    it('does not continue as whoever has signed in by now in another tab, nor after the session has ended', async () => {
      const other = await makeUser(app)
      await signInByPage(app, other, {}, browser)
      const page = await browser.get(authorizeUrl(app, { prompt: 'select_account' }))
      const sub = /name="continueAs" value="([^"]*)"/.exec(page.text)?.[1] as string
      await signInByPage(app, name, { prompt: 'login' }, browser)
      const refused = await browser.submit(page, { continueAs: sub })
      expect(refused.status).toBe(400)
      expect(wordsOf(refused)).toContain(`Continue as ${name}`)
      await browser
        .get(`${app.base}/logout?client_id=${app.clientId}&logout_uri=https://app.example.com/goodbye`)
        .catch(() => {})
      const ended = await browser.submit(page, { continueAs: sub })
      expect(ended.status).toBe(400)
      expect(wordsOf(ended)).not.toContain('Continue as')
    })

    it('is not enough for prompt=login and a max_age that is over: the name is there, the proof is asked for', async () => {
      await signInByPage(app, name, {}, browser)
      server.clock.advance(10_000)
      for (const parameters of [{ prompt: 'login' }, { max_age: '5' }]) {
        const page = await browser.get(authorizeUrl(app, parameters))
        expect(wordsOf(page)).not.toContain('Continue as')
        expect(page.text).toContain(`value="${name}"`)
        const sub = await browser.submit(page, { continueAs: 'any' })
        expect(sub.status).toBe(400)
      }
      // With a max_age that is not over the session will do.
      const page = await browser.get(authorizeUrl(app, { prompt: 'select_account', max_age: '600' }))
      expect(wordsOf(page)).toContain('Continue as')
    })
  })
})
