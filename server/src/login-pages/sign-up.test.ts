import {
  AdminListUserAuthEventsCommand,
  CreateTermsCommand,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { claimsOf, engines, startTestServer, useTestServer } from '../../test/harness.ts'
import { authorizeUrl, CALLBACK, makeApp, PASSWORD, redeem } from '../../test/oauth.ts'
import { Browser, leaving, type Page } from '../../test/page-walker.ts'
import { SMS } from '../../test/second-factors.ts'
import { otherCode } from '../../test/sign-up.ts'
import { fields, messageOf, open, pageUrl, user, VERIFIES } from '../../test/sign-up-pages.ts'
import { ENFORCED, FIREFOX } from '../../test/threats.ts'

describe.each(engines)('signing up by the pages on %s', (engine) => {
  const server = useTestServer({ engine })

  it('confirms by the code and signs in without asking again', async () => {
    const app = await makeApp(server, { pool: VERIFIES })
    const browser = new Browser()
    const login = await browser.get(authorizeUrl(app, { scope: 'openid email', state: 's' }))
    const link = /href="([^"]*\/signup[^"]*)"/.exec(login.text)?.[1]?.replaceAll('&amp;', '&') as string
    const page = await browser.get(new URL(link, login.url))
    const asksCode = await browser.submit(page, fields('ann-of-the-address', { email: 'ann@example.com' }))
    expect(asksCode.text).toContain('We sent a code to a***@e***.')
    expect(asksCode.url.href).not.toContain('ann-of-the-address')
    const code = await server.outbox.latestCode('ann@example.com')
    const wrong = await browser.submit(asksCode, { code: otherCode(code) })
    expect(messageOf(wrong)).toBe('The code is not right. Check it and try again.')
    const answered = await leaving(browser.submit(wrong, { code: ` ${code.slice(0, 3)} ${code.slice(3)}` }))
    expect(`${answered.origin}${answered.pathname}`).toBe(CALLBACK)
    expect(answered.searchParams.get('state')).toBe('s')
    const { json } = await redeem(app, answered)
    expect(claimsOf(json['id_token'] as string)).toMatchObject({ email: 'ann@example.com', email_verified: true })
    // The browser has a session now.
    const silent = await leaving(browser.get(authorizeUrl(app, { prompt: 'none' })))
    expect(silent.searchParams.get('code')).toBeTruthy()
  })

  it('goes on in two tabs of one browser, each for its user', async () => {
    const app = await makeApp(server, { pool: VERIFIES })
    const browser = new Browser()
    const tabs: [string, Page][] = []
    for (const name of ['one', 'two']) {
      const { page } = await open(app, '/signup', browser)
      tabs.push([name, await browser.submit(page, fields(name, { email: `${name}@example.com` }))])
    }
    for (const [name, tab] of tabs) {
      const code = await server.outbox.latestCode(`${name}@example.com`)
      const { json } = await redeem(app, await leaving(browser.submit(tab, { code })))
      expect(claimsOf(json['access_token'] as string)).toMatchObject({ username: name })
    }
  })

  it('confirms once, of ten at the same time', async () => {
    const app = await makeApp(server, { pool: VERIFIES })
    const { browser, page } = await open(app)
    const asksCode = await browser.submit(page, fields('bob', { email: 'bob@example.com' }))
    const code = await server.outbox.latestCode('bob@example.com')
    const ends = await Promise.all(
      Array.from({ length: 10 }, () =>
        browser.submit(asksCode, { code }).then(
          () => 'stayed',
          () => 'signed in',
        ),
      ),
    )
    expect(ends.filter((end) => end === 'signed in')).toHaveLength(1)
  })
})

describe('the page /signup', () => {
  const trigger = 'arn:aws:lambda:us-east-1:000000000000:function:pre-sign-up'
  const server = useTestServer({
    triggers: {
      [trigger]: (event: { userName: string; response: object }) => {
        if (event.userName === 'banned') throw new Error('Ask your manager.')
        return { ...event, response: { autoConfirmUser: true, autoVerifyEmail: true } }
      },
    },
  })

  it('asks for what the pool requires, each by its kind of field', async () => {
    const required = ['email', 'phone_number', 'birthdate', 'address', 'given_name', 'zoneinfo', 'website']
    const app = await makeApp(server, { pool: { Schema: required.map((Name) => ({ Name, Required: true })) } })
    const { browser, page } = await open(app)
    const field = (name: string) =>
      new RegExp(`<(?:input|textarea)[^>]*name="requiredAttributes\\[${name}\\]"[^>]*>`).exec(page.text)?.[0]
    expect(field('email')).toMatch(/type="email".*autocomplete="email"/)
    expect(field('phone_number')).toMatch(/type="tel".*autocomplete="tel"/)
    expect(field('birthdate')).toMatch(/type="date".*autocomplete="bday"/)
    expect(field('website')).toMatch(/type="url"/)
    expect(field('address')).toMatch(/^<textarea/)
    expect(field('nickname')).toBeUndefined()
    for (const label of ['First name', 'Date of birth', 'Time zone']) expect(page.text).toContain(label)
    const attributes = {
      email: 'cara@example.com',
      phone_number: '+1 415 555-0132',
      birthdate: '1990-01-02',
      address: 'Street 1\r\nTown',
      given_name: 'Cara',
      zoneinfo: 'Europe/Paris',
      website: 'https://example.com',
    }
    const done = await browser.submit(page, fields('cara', attributes))
    // Nothing is verified in this pool.
    expect(done.text).toContain('an administrator must confirm it')
    const { UserAttributes = [], UserStatus } = await user(app, 'cara')
    expect(UserStatus).toBe('UNCONFIRMED')
    expect(Object.fromEntries(UserAttributes.map(({ Name, Value }) => [Name, Value]))).toMatchObject({
      ...attributes,
      phone_number: '+14155550132',
      address: 'Street 1\nTown',
    })
    const later = await browser.submit((await open(app, '/login', browser)).page, {
      username: 'cara',
      password: PASSWORD,
    })
    expect(later.text).toContain('an administrator must confirm it')
  })

  it('shows the rules for passwords, and keeps what was typed but never the password', async () => {
    const Policies = { PasswordPolicy: { MinimumLength: 12, RequireNumbers: true } }
    const app = await makeApp(server, { pool: { ...VERIFIES, Policies } })
    const { browser, page } = await open(app)
    expect([...page.text.matchAll(/<li>([^<]*)<\/li>/g)].map(([, rule]) => rule)).toEqual([
      'at least 12 characters',
      'a digit (0–9)',
    ])
    const weak = await browser.submit(page, fields('dan<b>', { email: 'dan@example.com' }, 'too-Short1'))
    expect(weak.status).toBe(400)
    expect(messageOf(weak)).toBe('This password does not meet the rules below. Choose another one.')
    expect(weak.text).toContain('value="dan&lt;b&gt;"')
    expect(weak.text).toContain('value="dan@example.com"')
    expect(weak.text).not.toContain('too-Short1')
    const empty = await browser.submit(weak, { username: 'dan', password: 'long-enough-1' })
    expect(messageOf(empty)).toBe('Fill in every field.')
    await expect(user(app, 'dan')).rejects.toThrow('User does not exist.')
  })

  it.each([
    [fields('x'.repeat(129), { email: 'a@example.com' }), 'This name cannot be used.'],
    [fields('two words', { email: 'a@example.com' }), 'This name cannot be used.'],
    [fields('erin', { email: 'no address' }), 'This is not an email address.'],
    [fields('erin', { email: 'a@example.com' }, `Aa1!${'x'.repeat(253)}`), 'A password must have 6 to 256 characters'],
  ])('refuses what the API would: %j', async (typed, message) => {
    const { browser, page } = await open(await makeApp(server, { pool: VERIFIES }))
    expect(messageOf(await browser.submit(page, typed))).toContain(message)
  })

  it('says that a name is taken, whoever has it, in both modes', async () => {
    for (const PreventUserExistenceErrors of ['ENABLED', 'LEGACY'] as const) {
      const app = await makeApp(server, { pool: VERIFIES, client: { PreventUserExistenceErrors } })
      const { browser, page } = await open(app)
      await browser.submit(page, fields('fay', { email: 'fay@example.com' }))
      const taken = await browser.submit(page, fields('fay', { email: 'other@example.com' }))
      expect(messageOf(taken)).toBe(
        'There is an account with this name already. Sign in to it, or choose another name.',
      )
      expect(taken.text).toContain('value="other@example.com"')
    }
  })

  it('names users by their address where the pool does', async () => {
    const app = await makeApp(server, {
      pool: { ...VERIFIES, UsernameAttributes: ['email'], Schema: [{ Name: 'email', Required: true }] },
    })
    const { browser, page } = await open(app)
    expect(page.text).toContain('Email address')
    expect(page.text).not.toContain('requiredAttributes')
    const asksCode = await browser.submit(page, fields('gus@example.com'))
    const code = await server.outbox.latestCode('gus@example.com')
    const answered = await leaving(browser.submit(asksCode, { code }))
    const { json } = await redeem(app, answered)
    const claims = claimsOf(json['id_token'] as string)
    expect(claims).toMatchObject({ email: 'gus@example.com' })
    expect(claims['cognito:username']).toBe(claims['sub'])
  })

  it('names users by their number, however it is written', async () => {
    const app = await makeApp(server, {
      pool: { AutoVerifiedAttributes: ['phone_number'], UsernameAttributes: ['phone_number'] },
    })
    const { browser, page } = await open(app)
    const asksCode = await browser.submit(page, fields('+1 (415) 555-0147'))
    expect(asksCode.text).toContain('We sent a code to +*******0147.')
    const answered = await leaving(browser.submit(asksCode, { code: await server.outbox.latestCode('+14155550147') }))
    expect((await redeem(app, answered)).status).toBe(200)
  })

  it('asks for the second factor that the pool requires, after the code', async () => {
    const app = await makeApp(server, {
      pool: { AutoVerifiedAttributes: ['email'], Schema: [{ Name: 'phone_number', Required: true }] },
    })
    await server.admin.send(
      new SetUserPoolMfaConfigCommand({ UserPoolId: app.poolId, MfaConfiguration: 'ON', SmsMfaConfiguration: SMS }),
    )
    const { browser, page } = await open(app)
    const typed = fields('ivo', { email: 'ivo@example.com', phone_number: '+14155550148' })
    const asksCode = await browser.submit(page, typed)
    const asksFactor = await browser.submit(asksCode, { code: await server.outbox.latestCode('ivo@example.com') })
    expect(asksFactor.url.pathname).toBe(`/${app.poolId}/confirm`)
    expect(asksFactor.text).toContain('+*******0148')
    const code = await server.outbox.latestCode('+14155550148')
    const answered = await leaving(browser.submit(asksFactor, { code }))
    expect((await redeem(app, answered)).status).toBe(200)
  })

  it('signs up without a password where codes are a first factor', async () => {
    const app = await makeApp(server, {
      pool: { ...VERIFIES, Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } } },
      client: { ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
    })
    const { browser, page } = await open(app)
    expect(page.text).not.toContain('type="password"')
    const asksCode = await browser.submit(page, fields('hal', { email: 'hal@example.com' }, ''))
    const answered = await leaving(
      browser.submit(asksCode, { code: await server.outbox.latestCode('hal@example.com') }),
    )
    expect((await redeem(app, answered)).status).toBe(200)
  })

  it('is closed where administrators alone make users, and nothing leads to it', async () => {
    const app = await makeApp(server, { pool: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } } })
    const open = await makeApp(server, { pool: VERIFIES })
    const browser = new Browser()
    const page = await browser.get(pageUrl(app, '/signup'))
    expect(page.text).toContain('You cannot create an account here yourself.')
    expect(page.text).not.toContain('<form method="post"')
    expect((await browser.get(authorizeUrl(app))).text).not.toContain('/signup')
    // A form of another pool, sent here.
    const elsewhere = await browser.get(pageUrl(open, '/signup'))
    const token = browser.cookie('XSRF-TOKEN') as string
    const posted = await fetch(pageUrl(app, '/signup'), {
      method: 'POST',
      body: new URLSearchParams({ _csrf: token, ...fields('ida') }),
      headers: { cookie: `XSRF-TOKEN=${token}`, origin: elsewhere.url.origin },
    })
    expect(await posted.text()).toContain('You cannot create an account here yourself.')
    await expect(user(app, 'ida')).rejects.toThrow('User does not exist.')
  })

  it('tells what PreSignUp refuses, and signs in at once whom it confirms', async () => {
    const app = await makeApp(server, { pool: { ...VERIFIES, LambdaConfig: { PreSignUp: trigger } } })
    const { browser, page } = await open(app)
    const refused = await browser.submit(page, fields('banned', { email: 'jo@example.com' }))
    expect(messageOf(refused)).toBe('PreSignUp failed with error Ask your manager..')
    const answered = await leaving(browser.submit(refused, fields('jo', { email: 'jo@example.com' })))
    const { json } = await redeem(app, answered)
    expect(claimsOf(json['id_token'] as string)).toMatchObject({ 'cognito:username': 'jo', email_verified: true })
  })

  it('tells when too many messages were asked for, and leaves no user', async () => {
    const small = await startTestServer({ env: { EMAIL_BUDGETS: 'pool 1/hour 1/day' } })
    try {
      const app = await makeApp(small, { pool: VERIFIES })
      const { browser, page } = await open(app)
      await browser.submit(page, fields('ken', { email: 'ken@example.com' }))
      const refused = await browser.submit(page, fields('kit', { email: 'kit@example.com' }))
      expect([refused.status, messageOf(refused)]).toEqual([400, 'That was tried too often. Try again later.'])
      await expect(user(app, 'kit')).rejects.toThrow('User does not exist.')
    } finally {
      await small.stop()
    }
  })

  it('records where a user signs up from, and refuses breached passwords', async () => {
    const app = await makeApp(server, {
      pool: { ...VERIFIES, ...ENFORCED, Policies: { PasswordPolicy: { MinimumLength: 6 } } },
    })
    const { browser, page } = await open(app)
    const breached = await browser.submit(page, fields('liz', { email: 'liz@example.com' }, 'password'))
    expect(messageOf(breached)).toBe('This password is known from a data breach. Choose another one.')
    const from = { 'user-agent': FIREFOX }
    const asksCode = await browser.submit(page, fields('liz', { email: 'liz@example.com' }), '', from)
    await browser.submit(asksCode, {}, '/resendcode', from)
    const { AuthEvents = [] } = await server.admin.send(
      new AdminListUserAuthEventsCommand({ UserPoolId: app.poolId, Username: 'liz' }),
    )
    expect(AuthEvents.map(({ EventType, EventContextData }) => [EventType, EventContextData?.DeviceName])).toEqual([
      ['ResendCode', expect.stringContaining('Firefox')],
      ['SignUp', expect.stringContaining('Firefox')],
    ])
  })

  it('links to the terms of use and the privacy policy, when there are both', async () => {
    const app = await makeApp(server, { pool: VERIFIES })
    const add = (TermsName: string, Links: Record<string, string>) =>
      server.admin.send(
        new CreateTermsCommand({
          UserPoolId: app.poolId,
          ClientId: app.clientId,
          TermsName,
          TermsSource: 'LINK',
          Enforcement: 'NONE',
          Links,
        }),
      )
    const linked = async (): Promise<(string | undefined)[]> =>
      [...(await open(app)).page.text.matchAll(/<a href="([^"]*)" target="_blank"/g)].map(([, link]) => link)
    await add('terms-of-use', {
      'cognito:default': 'https://example.com/terms?a=1&b=2',
      'cognito:german': 'https://example.com/agb',
    })
    expect(await linked()).toEqual([])
    await add('privacy-policy', {
      'cognito:default': 'https://example.com/privacy',
      'cognito:english': 'https://example.com/en/privacy',
    })
    expect(await linked()).toEqual(['https://example.com/terms?a=1&amp;b=2', 'https://example.com/en/privacy'])
    expect((await open(app)).page.text).toContain('By creating an account you agree to the <a')
  })

  it('slows down an address that guesses codes and names, as the API does', async () => {
    // A guess counts as 20 calls.
    const slow = await startTestServer({ env: { PUBLIC_CALLS_PER_MINUTE: '60', TRUSTED_PROXIES: '127.0.0.1' } })
    try {
      const app = await makeApp(slow, { pool: VERIFIES, client: { PreventUserExistenceErrors: 'LEGACY' } })
      slow.clock.freeze()
      const statusesOf = async (path: string, to: string, address: string): Promise<number[]> => {
        const { browser, page } = await open(app, path)
        const typed = { username: 'nobody', code: '123456', password: PASSWORD }
        const statuses: number[] = []
        for (let i = 0; i < 4; i++)
          statuses.push((await browser.submit(page, typed, to, { 'x-forwarded-for': address })).status)
        return statuses
      }
      const guessed = [400, 400, 400, 429]
      expect(await statusesOf('/confirm', '/confirm', '192.0.2.1')).toEqual(guessed)
      expect(await statusesOf('/forgotPassword', '/forgotPassword', '192.0.2.2')).toEqual(guessed)
      expect(await statusesOf('/confirmforgotPassword', '/confirmforgotPassword', '192.0.2.3')).toEqual(guessed)
      expect(await statusesOf('/confirm', '/resendcode', '192.0.2.4')).toEqual([400, 400, 400, 400])
    } finally {
      await slow.stop()
    }
  })

  it('refuses forms of other sites', async () => {
    const app = await makeApp(server, { pool: VERIFIES })
    for (const path of ['/signup', '/confirm', '/resendcode', '/forgotPassword', '/confirmforgotPassword']) {
      const forms: { headers: Record<string, string>; _csrf: string }[] = [
        { headers: { cookie: 'XSRF-TOKEN=one', origin: 'https://evil.example' }, _csrf: 'one' },
        { headers: { cookie: 'XSRF-TOKEN=one' }, _csrf: 'two' },
        { headers: {}, _csrf: 'one' },
      ]
      for (const { headers, _csrf } of forms) {
        const body = new URLSearchParams({ _csrf, ...fields('kim', { email: 'kim@example.com' }), code: '123456' })
        const answer = await fetch(pageUrl(app, path), { method: 'POST', body, headers })
        expect(answer.status, path).toBe(403)
      }
    }
    await expect(user(app, 'kim')).rejects.toThrow('User does not exist.')
  })
})
