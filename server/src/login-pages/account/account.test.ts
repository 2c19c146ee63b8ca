// The pages on which users look after their accounts: who reaches them, and what each does.
import {
  CreateIdentityProviderCommand,
  GetUserCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accountUrl, enter, ON } from '../../../test/account-pages.ts'
import { makePool, useTestServer } from '../../../test/harness.ts'
import {
  type App,
  appIn,
  authorizeUrl,
  makeApp,
  makeUser,
  PASSWORD,
  redeem,
  signInByPage,
  tokenCall,
} from '../../../test/oauth.ts'
import { Browser, leaving, wordsOf } from '../../../test/page-walker.ts'

const NEW_PASSWORD = 'Other-horse-22'
const server = useTestServer()

describe('the account page', () => {
  let app: App
  let username: string
  let browser: Browser
  beforeAll(async () => {
    app = await makeApp(server, { pool: { UserPoolTags: ON } })
  })
  beforeEach(async () => {
    username = await makeUser(app, { email: 'ann@example.com' })
    browser = new Browser()
  })

  it('is not there in a pool without its tag, and goes with the tag', async () => {
    const { Id = '', Arn } = await makePool(server)
    const plain = await appIn(server, Id)
    expect((await fetch(accountUrl(plain))).status).toBe(404)
    await server.admin.send(new TagResourceCommand({ ResourceArn: Arn, Tags: ON }))
    expect((await browser.get(accountUrl(plain))).url.pathname).toBe(`/${Id}/login`)
    await server.admin.send(new UntagResourceCommand({ ResourceArn: Arn, TagKeys: Object.keys(ON) }))
    expect((await fetch(accountUrl(plain))).status).toBe(404)
    // Nor is it an address where anybody is answered.
    const target = { redirect_uri: `${plain.base}/account` }
    expect((await browser.get(authorizeUrl(plain, target))).url.searchParams.get('error')).toBe('redirect_mismatch')
  })

  it('has its user sign in, and is then reached without a code in its address', async () => {
    const page = await enter(app, username, browser)
    expect(page.url.pathname).toBe(`/${app.poolId}/account`)
    expect([...page.url.searchParams.keys()]).toEqual(['client_id'])
    expect(wordsOf(page)).toContain(`You are signed in as ${username}.`)
    // With the session that a sign-in for an application has made, and without naming a client, too.
    const other = new Browser()
    await signInByPage(app, username, {}, other)
    expect((await other.get(`${app.base}/account`)).url.search).toBe(`?client_id=${app.clientId}`)
  })

  it('cannot say where to sign in without a client and a session', async () => {
    const page = await browser.get(`${app.base}/account`)
    expect(page.status).toBe(401)
    expect(wordsOf(page)).toContain('Open this page from an application')
  })

  it.each(['', '/profile', '/password', '/sessions', '/applications'])(
    'is for clients of the pool that have pages alone: %s',
    async (page) => {
      const machine = await appIn(server, app.poolId, {
        AllowedOAuthFlows: [],
        AllowedOAuthScopes: [],
        AllowedOAuthFlowsUserPoolClient: false,
      })
      const elsewhere = await makeApp(server, { pool: { UserPoolTags: ON } })
      for (const clientId of [machine.clientId, elsewhere.clientId, 'nobody'])
        expect((await browser.get(accountUrl({ ...app, clientId }, page))).url.searchParams.get('error')).toBe(
          'invalid_client',
        )
    },
  )

  it('shows an error of the sign-in instead of trying for ever', async () => {
    const page = await browser.get(accountUrl(app, '', { error: 'access_denied', error_description: 'canary' }))
    expect(page.status).toBe(400)
    expect(page.text).not.toContain('canary')
  })

  it('is no application: it pushes no request where its client must, and hears of errors without leaving the pool', async () => {
    const pushing = await makeApp(server, {
      pool: { UserPoolTags: { ...ON, 'cognomen:pushed-authorization': 'required' } },
    })
    const name = await makeUser(pushing)
    expect(wordsOf(await enter(pushing, name, browser))).toContain(`You are signed in as ${name}.`)
    const refused = await browser.get(
      authorizeUrl(app, { redirect_uri: `${app.base}/account/profile`, prompt: 'none', state: 's' }),
    )
    expect(refused.url.pathname + refused.url.search).toBe(
      `/${app.poolId}/account/profile?client_id=${app.clientId}&error=login_required`,
    )
    expect(refused.status).toBe(400)
  })

  it('knows no session of another pool', async () => {
    const other = await makeApp(server, { pool: { UserPoolTags: ON } })
    await enter(app, username, browser)
    browser.setCookie('cognito', browser.cookie('cognito') as string, `/${other.poolId}`)
    expect((await browser.get(accountUrl(other))).url.pathname).toBe(`/${other.poolId}/login`)
  })

  it.each(['/profile', '/password'])('asks for a fresh sign-in at %s', async (part) => {
    await enter(app, username, browser)
    expect((await browser.get(accountUrl(app, part))).url.pathname).toBe(`/${app.poolId}/account${part}`)
    server.clock.advance(11 * 60_000)
    const asked = await browser.get(accountUrl(app, part))
    expect(asked.url.pathname).toBe(`/${app.poolId}/login`)
    // The first page, and that of the sessions, do not mind.
    expect((await browser.get(accountUrl(app))).url.pathname).toBe(`/${app.poolId}/account`)
    const back = await browser.submit(asked, { username, password: PASSWORD })
    expect(back.url.pathname).toBe(`/${app.poolId}/account${part}`)
  })

  it('changes nothing for a form that was filled in too late', async () => {
    const page = await enter(app, username, browser, '/password')
    server.clock.advance(11 * 60_000)
    const late = await browser.submit(page, { previous: PASSWORD, password: NEW_PASSWORD })
    expect(late.url.pathname).toBe(`/${app.poolId}/login`)
    await signInByPage(app, username)
  })

  it.each(['/profile', '/password', '/sessions'])('refuses forms of other sites at %s', async (part) => {
    const page = await enter(app, username, browser, part)
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' }
    const fields = { previous: PASSWORD, password: NEW_PASSWORD, others: 'yes', 'requiredAttributes[name]': 'Mallory' }
    expect((await browser.submit(page, fields, '/account', foreign)).status).toBe(403)
    expect((await browser.submit(page, { ...fields, _csrf: 'made-up' }, '/account')).status).toBe(403)
    await signInByPage(app, username)
    expect((await browser.get(accountUrl(app))).url.pathname).toBe(`/${app.poolId}/account`)
  })

  it('is not opened by a session of a way to sign in that the named client does not have', async () => {
    const federated = await appIn(server, app.poolId, { SupportedIdentityProviders: [] })
    await enter(app, username, browser)
    expect((await browser.get(accountUrl(federated))).url.pathname).toBe(`/${app.poolId}/account`)
    await server.admin.send(
      new CreateIdentityProviderCommand({
        UserPoolId: app.poolId,
        ProviderName: 'Google',
        ProviderType: 'Google',
        ProviderDetails: { client_id: 'x', client_secret: 'y', authorize_scopes: 'openid' },
      }),
    )
    const { clientId } = await appIn(server, app.poolId, { SupportedIdentityProviders: ['Google'] })
    const sent = await leaving(browser.get(accountUrl({ ...app, clientId })))
    expect(sent.searchParams.get('client_id')).toBe('x')
  })

  it('has no code for a program that asks for one in its place', async () => {
    await enter(app, username, browser)
    const asked = authorizeUrl(app, { redirect_uri: `${app.base}/account`, response_type: 'token' })
    const page = await browser.get(asked)
    expect(page.url.hash + page.url.search).toBe(`?client_id=${app.clientId}`)
  })

  describe('password', () => {
    const fields = { previous: PASSWORD, password: NEW_PASSWORD }

    it('is changed; this browser stays signed in, tokens stay, other browsers sign in anew', async () => {
      const { json } = await redeem(app, await signInByPage(app, username, {}, browser))
      const other = new Browser()
      await signInByPage(app, username, {}, other)
      const done = await browser.submit(await browser.get(accountUrl(app, '/password')), fields)
      expect(wordsOf(done)).toContain('Your password is changed.')
      expect((await browser.get(accountUrl(app))).url.pathname).toBe(`/${app.poolId}/account`)
      expect((await other.get(accountUrl(app))).url.pathname).toBe(`/${app.poolId}/login`)
      const AccessToken = json['access_token'] as string
      await server.app.send(new GetUserCommand({ AccessToken }))
      const stale = await signInByPage(app, username).catch(String)
      expect(stale).toContain('Incorrect username or password.')
    })

    it('signs out everywhere else where the user wants it', async () => {
      const { json } = await redeem(app, await signInByPage(app, username, {}, browser))
      const page = await browser.get(accountUrl(app, '/password'))
      await browser.submit(page, { ...fields, everywhere: 'yes' })
      const call = server.app.send(new GetUserCommand({ AccessToken: json['access_token'] as string }))
      await expect(call).rejects.toThrow('Access Token has been revoked')
      expect((await browser.get(accountUrl(app))).url.pathname).toBe(`/${app.poolId}/account`)
    })

    it.each([
      [{ ...fields, previous: 'Wrong-horse-1' }, 'The current password is not right.'],
      [{ ...fields, password: 'weak' }, 'A password must have 6 to 256 characters'],
      [{ ...fields, password: 'weakpassword' }, 'This password does not meet the rules below.'],
      [{ ...fields, previous: '' }, 'Fill in every field.'],
    ])('is refused: %j', async (typed, text) => {
      const page = await enter(app, username, browser, '/password')
      const refused = await browser.submit(page, typed)
      expect(refused.status).toBe(400)
      expect(wordsOf(refused)).toContain(text)
      expect(refused.text).not.toContain(typed.password === 'weak' ? 'value="weak"' : typed.password)
      await signInByPage(app, username)
    })
  })

  describe('profile', () => {
    it('is changed, emptied and refused', async () => {
      const page = await enter(app, username, browser, '/profile')
      const email = { 'requiredAttributes[email]': 'ann@example.com' }
      const named = await browser.submit(page, { ...email, 'requiredAttributes[name]': 'Ann <b>' })
      expect(wordsOf(named)).toContain('Your changes are saved.')
      expect(named.text).toContain('value="Ann &lt;b&gt;"')
      const bad = await browser.submit(named, { 'requiredAttributes[email]': 'no address' })
      expect([bad.status, wordsOf(bad)]).toEqual([400, expect.stringContaining('This is not an email address.')])
      const emptied = await browser.submit(bad, { ...email, 'requiredAttributes[name]': '' })
      expect(wordsOf(emptied)).toContain('Your changes are saved.')
      expect(emptied.text).not.toContain('Ann &lt;b&gt;')
    })
  })

  describe('sessions', () => {
    it('end everywhere else', async () => {
      const { json } = await redeem(app, await signInByPage(app, username, {}, browser))
      const other = new Browser()
      await signInByPage(app, username, {}, other)
      const page = await browser.get(accountUrl(app, '/sessions'))
      const done = await browser.submit(page, { others: 'yes' })
      expect(wordsOf(done)).toContain('You are signed out everywhere else.')
      expect((await browser.get(accountUrl(app, '/sessions'))).url.pathname).toContain('/account/sessions')
      expect((await other.get(accountUrl(app))).url.pathname).toBe(`/${app.poolId}/login`)
      const form = {
        grant_type: 'refresh_token',
        client_id: app.clientId,
        refresh_token: json['refresh_token'] as string,
      }
      expect((await tokenCall(app, form)).json['error']).toBe('invalid_grant')
    })
  })
})
