// What users look after on the pages of their account, beside password and profile: contacts, factors, passkeys, devices,
// sessions, applications.
import {
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  InitiateAuthCommand,
  ListWebAuthnCredentialsCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { accountUrl, enter, ON } from '../../../test/account-pages.ts'
import { Authenticator, type CreationOptions } from '../../../test/authenticator.ts'
import { deviceClient } from '../../../test/devices.ts'
import { claimsOf, engines, PASSWORD as PASSWORD_OF_API, useTestServer } from '../../../test/harness.ts'
import {
  type App,
  authorizeUrl,
  CALLBACK,
  CHALLENGE,
  makeApp,
  makeFactorApp,
  makeUser,
  PASSWORD,
  redeem,
  signInByPage,
  tokenCall,
  VERIFIER,
} from '../../../test/oauth.ts'
import { Browser, leaving, type Page, wordsOf } from '../../../test/page-walker.ts'
import { PASSKEY_CLIENT, PASSKEY_POOL } from '../../../test/passkeys.ts'
import { codeOf, EMAIL, STEP_MS, TOTP } from '../../../test/second-factors.ts'
import { setTracking } from '../../../test/user-sessions.ts'

const server = useTestServer()
const attributesOf = async ({ poolId }: App, Username: string): Promise<Record<string, string | undefined>> => {
  const { UserAttributes = [] } = await server.admin.send(new AdminGetUserCommand({ UserPoolId: poolId, Username }))
  return Object.fromEntries(UserAttributes.map(({ Name = '', Value }) => [Name, Value]))
}
const hiddenValue = ({ text }: Page, name: string): string | undefined =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1]

let browser: Browser
beforeEach(() => {
  browser = new Browser()
})

describe('an address', () => {
  it('that is new is verified by a code, which may be sent again', async () => {
    const app = await makeApp(server, { pool: { UserPoolTags: ON, AutoVerifiedAttributes: ['email'] } })
    const username = await makeUser(app, { email: 'old@example.com' })
    const page = await enter(app, username, browser, '/profile')
    const asks = await browser.submit(page, { 'requiredAttributes[email]': 'new@example.com' }, '/profile')
    expect(wordsOf(asks)).toContain('We sent a code to n***@e***')
    const wrong = await browser.submit(asks, { code: 'x' }, '/verify')
    expect([wrong.status, wordsOf(wrong)]).toEqual([400, expect.stringContaining('The code is not right.')])
    const profile = await browser.get(accountUrl(app, '/profile'))
    expect(wordsOf(profile)).toContain('new@example.com Not verified yet')
    const again = await browser.submit(profile, { again: 'yes' }, '/verify')
    const done = await browser.submit(again, { code: await server.outbox.latestCode('new@example.com') }, '/verify')
    expect(wordsOf(done)).toContain('that is verified')
    expect(wordsOf(done)).not.toContain('Not verified yet')
    expect(await attributesOf(app, username)).toMatchObject({ email: 'new@example.com', email_verified: 'true' })
  })

  it('that must be verified first replaces the old one with the code', async () => {
    const app = await makeApp(server, {
      pool: {
        UserPoolTags: ON,
        AutoVerifiedAttributes: ['email'],
        UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
      },
    })
    const username = await makeUser(app, { email: 'kept@example.com', email_verified: 'true' })
    const page = await enter(app, username, browser, '/profile')
    const asks = await browser.submit(page, { 'requiredAttributes[email]': 'next@example.com' }, '/profile')
    expect(await attributesOf(app, username)).toMatchObject({ email: 'kept@example.com' })
    await browser.submit(asks, { code: await server.outbox.latestCode('next@example.com') }, '/verify')
    expect(await attributesOf(app, username)).toMatchObject({ email: 'next@example.com', email_verified: 'true' })
  })

  it('shows and changes what the client may read and write, and nothing else', async () => {
    const app = await makeApp(server, {
      pool: { UserPoolTags: ON },
      client: { ReadAttributes: ['name', 'email', 'nickname'], WriteAttributes: ['name', 'nickname'] },
    })
    const username = await makeUser(app, { email: 'own@example.com', nickname: 'An' })
    const page = await enter(app, username, browser, '/profile')
    expect(page.text).toContain('requiredAttributes[nickname]')
    expect(page.text).not.toContain('requiredAttributes[email]')
    const fields = { 'requiredAttributes[nickname]': 'Nan', 'requiredAttributes[email]': 'other@example.com' }
    await browser.submit(page, fields, '/profile')
    expect(await attributesOf(app, username)).toMatchObject({ nickname: 'Nan', email: 'own@example.com' })
  })
})

describe('second factors', () => {
  const makeIt = (more: Record<string, string> = {}) =>
    makeFactorApp(
      server,
      { MfaConfiguration: 'OPTIONAL', ...TOTP, ...EMAIL },
      {
        pool: {
          UserPoolTags: { ...ON, ...more },
          AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] },
        },
      },
    )
  const secretOf = ({ text }: Page): string =>
    (/id="totpSecret"[^>]*>([^<]*)/.exec(text)?.[1] ?? '').replaceAll(' ', '')

  it('are set up, preferred and turned off; the next sign-in asks for them', async () => {
    const app = await makeIt({ 'cognomen:recovery-codes': '8' })
    const username = await makeUser(app, { email: 'two@example.com', email_verified: 'true' })
    const page = await enter(app, username, browser, '/factors')
    expect(wordsOf(page)).toContain('Authenticator app Off Set up Email Off Turn on')
    const shows = await browser.submit(page, { act: 'set-up-app' }, '/factors')
    const secret = secretOf(shows)
    const wrong = await browser.submit(shows, { code: '000000' }, '/factors')
    expect([wrong.status, secretOf(wrong)]).toEqual([400, secret])
    const done = await browser.submit(wrong, { code: codeOf(secret, server.clock.now()) }, '/factors')
    expect(wordsOf(done)).toContain('Authenticator app On')
    const both = await browser.submit(done, { act: 'prefer', factor: 'EMAIL_OTP', wish: 'first' }, '/factors')
    expect(wordsOf(both)).toContain('Email On, asked first')
    const codes = await browser.submit(both, { act: 'recovery-codes' }, '/factors')
    expect(codes.text.match(/<li>[0-9A-Z]{5}-[0-9A-Z]{5}<\/li>/g)).toHaveLength(8)
    const other = new Browser()
    const asked = await other.submit(await other.get(authorizeUrl(app)), { username, password: PASSWORD })
    expect(wordsOf(asked)).toContain('We sent a code to')
    const off = await browser.submit(both, { act: 'prefer', factor: 'EMAIL_OTP', wish: 'off' }, '/factors')
    await browser.submit(off, { act: 'prefer', factor: 'SOFTWARE_TOKEN_MFA', wish: 'off' }, '/factors')
    await signInByPage(app, username)
  })

  it('that cannot be turned on are refused in words for people', async () => {
    const app = await makeIt()
    const username = await makeUser(app)
    const page = await enter(app, username, browser, '/factors')
    const refused = await browser.submit(page, { act: 'prefer', factor: 'EMAIL_OTP', wish: 'on' }, '/factors')
    expect([refused.status, wordsOf(refused)]).toEqual([400, expect.stringContaining('This cannot be changed')])
    const odd: Record<string, string>[] = [
      { act: 'prefer', factor: 'FAX', wish: 'on' },
      { act: 'constructor' },
      { act: 'verify-app' },
    ]
    for (const fields of odd) expect((await browser.submit(page, fields, '/factors')).status).toBe(200)
    server.clock.advance(STEP_MS)
  })

  it('of a secret that was made for another user are not taken', async () => {
    const app = await makeIt()
    const [victim, thief] = [await makeUser(app), await makeUser(app)]
    const page = await enter(app, thief, browser, '/factors')
    const shows = await browser.submit(page, { act: 'set-up-app' }, '/factors')
    const other = new Browser()
    const theirs = await enter(app, victim, other, '/factors')
    const fields = {
      act: 'verify-app',
      secret: hiddenValue(shows, 'secret') ?? '',
      code: codeOf(secretOf(shows), server.clock.now()),
    }
    expect(wordsOf(await other.submit(theirs, fields, '/factors'))).toContain('Authenticator app Off')
  })
})

describe('passkeys', () => {
  it('are added from the page, which they lead back to, and removed', async () => {
    const app = await makeApp(server, { pool: { ...PASSKEY_POOL, UserPoolTags: ON }, client: PASSKEY_CLIENT })
    const username = await makeUser(app)
    const first = await browser.get(accountUrl(app, '/passkeys'))
    const page = await browser.submit(await browser.submit(first, { username }), { password: PASSWORD })
    expect(wordsOf(page)).toContain('You have no passkeys yet.')
    const href = /href="([^"]*\/passkeys\/add[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const add = await browser.get(new URL(href, page.url))
    const options: CreationOptions = JSON.parse(
      (/data-options="([^"]*)"/.exec(add.text)?.[1] ?? 'null').replaceAll('&quot;', '"'),
    )
    const back = await browser.submit(add, { credential: JSON.stringify(new Authenticator().create(options)) })
    expect([back.url.pathname, back.url.search]).toEqual([
      `/${app.poolId}/account/passkeys`,
      `?client_id=${app.clientId}`,
    ])
    expect(wordsOf(back)).toContain('Added on')
    const gone = await browser.submit(back, {}, '/passkeys')
    expect(wordsOf(gone)).toContain('You have no passkeys yet.')
    expect((await browser.submit(back, {}, '/passkeys')).status).toBe(400)
    const { json } = await redeem(app, await leaving(browser.get(authorizeUrl(app))))
    const list = new ListWebAuthnCredentialsCommand({ AccessToken: json['access_token'] as string })
    expect((await server.app.send(list)).Credentials).toEqual([])
  })

  it('are not added with a sign-in that is not recent, wherever the page would lead', async () => {
    const app = await makeApp(server, { pool: { ...PASSKEY_POOL, UserPoolTags: ON }, client: PASSKEY_CLIENT })
    await signInByPage(app, await makeUser(app), {}, browser)
    const addUrl = (redirect_uri: string) =>
      `${app.base}/passkeys/add?${new URLSearchParams({ client_id: app.clientId, redirect_uri })}`
    const own = `${app.base}/account/passkeys`
    const pages = await Promise.all([own, CALLBACK].map((uri) => browser.get(addUrl(uri))))
    server.clock.advance(11 * 60_000)
    expect((await browser.get(addUrl(own))).url.pathname).toBe(`/${app.poolId}/login`)
    expect([(await browser.get(addUrl(CALLBACK))).status, pages[1]?.status]).toEqual([401, 200])
    for (const page of pages)
      expect((await browser.submit(page, { credential: '{}' })).url.pathname).not.toContain('account')
  })
})

describe('sessions, in a pool that tracks them', () => {
  it('are listed with this one, and each may be ended but this one', async () => {
    const app = await makeApp(server, { pool: { UserPoolTags: ON } })
    await setTracking(server, app.poolId)
    const username = await makeUser(app)
    const other = new Browser()
    const { json } = await redeem(app, await signInByPage(app, username, {}, other))
    const page = await enter(app, username, browser, '/sessions')
    expect(wordsOf(page)).toContain('This browser')
    const rows = [
      ...page.text.matchAll(/name="session" value="([^"]*)"\/><input type="hidden" name="kind" value="SSO"/g),
    ]
    expect(rows).toHaveLength(1)
    const ended = await browser.submit(page, { session: rows[0]?.[1] ?? '', kind: 'SSO' }, '/sessions')
    expect(wordsOf(ended)).toContain('The session has ended.')
    // Its application goes with it.
    const form = {
      grant_type: 'refresh_token',
      client_id: app.clientId,
      refresh_token: json['refresh_token'] as string,
    }
    expect((await tokenCall(app, form)).json['error']).toBe('invalid_grant')
    expect((await other.get(accountUrl(app))).url.pathname).toBe(`/${app.poolId}/login`)
    const again = await browser.submit(page, { session: rows[0]?.[1] ?? '', kind: 'SSO' }, '/sessions')
    expect([again.status, wordsOf(again)]).toEqual([400, expect.stringContaining('That is not there any more.')])
    const all = await browser.submit(ended, { others: 'yes' }, '/sessions')
    expect(wordsOf(all)).toContain('This browser')
  })
})

describe('the list of sessions', () => {
  it('has this browser and no other one after the password has changed', async () => {
    const app = await makeApp(server, { pool: { UserPoolTags: ON } })
    await setTracking(server, app.poolId)
    const username = await makeUser(app)
    const page = await enter(app, username, browser, '/password')
    await signInByPage(app, username, {}, new Browser())
    const browsers = async () => (await browser.get(accountUrl(app, '/sessions'))).text.match(/Last active/g)?.length
    expect(await browsers()).toBe(2)
    server.clock.advance(1000)
    await browser.submit(page, { previous: PASSWORD, password: `${PASSWORD}x` }, '/password')
    expect(await browsers()).toBe(1)
    expect(wordsOf(await browser.get(accountUrl(app, '/sessions')))).toContain('This browser')
  })
})

describe.each(engines)('applications that registered themselves, on %s', (engine) => {
  const own = useTestServer({ engine })

  it('are listed with what they were allowed, and lose it', async () => {
    const app = await makeApp(own, { pool: { UserPoolTags: ON, DcrConfiguration: { OpenDcrEnabled: true } } })
    const response = await fetch(`${app.base}/oauth2/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [CALLBACK], client_name: 'Agent', token_endpoint_auth_method: 'none' }),
    })
    const { client_id: clientId } = (await response.json()) as { client_id: string }
    const agent = { ...app, clientId }
    const username = await makeUser(app)
    const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256', scope: 'openid email' }
    const consent = await browser.submit(await browser.get(authorizeUrl(agent, pkce)), { username, password: PASSWORD })
    const { json } = await redeem(agent, await leaving(browser.submit(consent, { decision: 'allow' })), {
      code_verifier: VERIFIER,
    })
    expect(claimsOf(json['access_token'] as string)['scope']).toBe('openid email')
    const page = await browser.get(accountUrl(app, '/applications'))
    expect(wordsOf(page)).toContain('Agent know who you are · read your email address Allowed on')
    const gone = await browser.submit(page, {}, '/applications')
    expect(wordsOf(gone)).toContain('The application may no longer use your account.')
    expect((await browser.submit(page, {}, '/applications')).status).toBe(400)
    const form = { grant_type: 'refresh_token', client_id: clientId, refresh_token: json['refresh_token'] as string }
    expect((await tokenCall(agent, form)).json['error']).toBe('invalid_grant')
    // Nor do the tokens of before come back when the user allows the application again.
    own.clock.advance(1000)
    const again = await leaving(browser.submit(await browser.get(authorizeUrl(agent, pkce)), { decision: 'allow' }))
    expect((await tokenCall(agent, form)).json['error']).toBe('invalid_grant')
    const renewed = (await redeem(agent, again, { code_verifier: VERIFIER })).json['refresh_token'] as string
    expect((await tokenCall(agent, { ...form, refresh_token: renewed })).status).toBe(200)
    // A code that was not redeemed yet gives nothing any more.
    const code = await leaving(browser.get(authorizeUrl(agent, pkce)))
    await browser.submit(await browser.get(accountUrl(app, '/applications')), {}, '/applications')
    expect((await redeem(agent, code, { code_verifier: VERIFIER })).json['error']).toBe('invalid_grant')
    // No pages of the account for its own users' sake.
    expect((await browser.get(accountUrl(agent))).url.searchParams.get('error')).toBe('invalid_client')
  })
})

describe('devices', () => {
  it('are listed and forgotten, with what they may refresh', async () => {
    const app = await makeApp(server, {
      pool: { UserPoolTags: ON, DeviceConfiguration: { DeviceOnlyRememberedOnUserPrompt: false } },
      client: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
    })
    const username = await makeUser(app)
    await server.admin.send(
      new AdminSetUserPasswordCommand({
        UserPoolId: app.poolId,
        Username: username,
        Password: PASSWORD_OF_API,
        Permanent: true,
      }),
    )
    const { tokens, device } = await deviceClient(server, app).newDevice(username, 'My <phone>')
    const signIn = await browser.get(accountUrl(app, '/devices'))
    const page = await browser.submit(signIn, { username, password: PASSWORD_OF_API })
    expect(page.text).toContain('My &lt;phone&gt;')
    const gone = await browser.submit(page, {}, '/devices')
    expect(wordsOf(gone)).toContain('No device is remembered.')
    expect((await browser.submit(page, {}, '/devices')).status).toBe(400)
    const refresh = new InitiateAuthCommand({
      ClientId: app.clientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: tokens?.RefreshToken as string, DEVICE_KEY: device.key },
    })
    await expect(server.app.send(refresh)).rejects.toThrow('Refresh Token has been revoked')
  })
})
