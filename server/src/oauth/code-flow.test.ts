import { describe, expect, it } from 'vitest'
import { claimsOf, engines, useTestServer } from '../../test/harness.ts'
import {
  authorizeUrl,
  CALLBACK,
  CHALLENGE,
  makeApp,
  makeUser,
  PASSWORD,
  redeem,
  signInByPage,
  tokenCall,
  VERIFIER,
} from '../../test/oauth.ts'
import { Browser, leaving } from '../../test/page-walker.ts'

describe.each(engines)('the code flow on %s', (engine) => {
  const server = useTestServer({ engine })

  it('signs a user in, gives tokens for the code, and says who the user is', async () => {
    const app = await makeApp(server)
    const username = await makeUser(app, { email: 'a@example.com', email_verified: 'true', name: 'Ann' })
    const answered = await signInByPage(app, username, {
      scope: 'openid email',
      state: 'a b&c',
      nonce: 'n-1',
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
    })
    expect(`${answered.origin}${answered.pathname}`).toBe(CALLBACK)
    expect(answered.searchParams.get('state')).toBe('a b&c')
    expect(answered.searchParams.get('iss')).toBe(app.base)
    const { status, json, headers } = await redeem(app, answered, { code_verifier: VERIFIER })
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 3600 })
    const access = claimsOf(json['access_token'] as string)
    expect(access).toMatchObject({
      scope: 'openid email',
      client_id: app.clientId,
      username,
      token_use: 'access',
      version: 2,
    })
    const id = claimsOf(json['id_token'] as string)
    expect(id).toMatchObject({
      aud: app.clientId,
      nonce: 'n-1',
      email: 'a@example.com',
      email_verified: true,
      sub: access['sub'],
    })
    expect(id).not.toHaveProperty('name')
    expect(id['at_hash']).toMatch(/^[\w-]{22}$/)
    const info = await fetch(`${app.base}/oauth2/userInfo`, {
      headers: { authorization: `Bearer ${json['access_token']}` },
    })
    expect(await info.json()).toEqual({ sub: access['sub'], username, email: 'a@example.com', email_verified: 'true' })
    const refreshed = await tokenCall(app, {
      grant_type: 'refresh_token',
      client_id: app.clientId,
      refresh_token: json['refresh_token'] as string,
    })
    expect(refreshed.status).toBe(200)
    expect(refreshed.json['refresh_token']).toBeUndefined()
    expect(claimsOf(refreshed.json['access_token'] as string)).toMatchObject({
      scope: 'openid email',
      origin_jti: access['origin_jti'],
      auth_time: access['auth_time'],
    })
  })

  it('gives one of 50 the tokens of a code, and ends what they allow', async () => {
    const app = await makeApp(server)
    const answered = await signInByPage(app, await makeUser(app))
    const calls = await Promise.all(Array.from({ length: 50 }, () => redeem(app, answered)))
    const winners = calls.filter(({ status }) => status === 200)
    expect(winners).toHaveLength(1)
    expect(new Set(calls.filter(({ status }) => status !== 200).map(({ json }) => json['error']))).toEqual(
      new Set(['invalid_grant']),
    )
    const refreshed = await tokenCall(app, {
      grant_type: 'refresh_token',
      client_id: app.clientId,
      refresh_token: winners[0]?.json['refresh_token'] as string,
    })
    expect(refreshed).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
  })

  it('signs in to the next application without a password, until /logout', async () => {
    const app = await makeApp(server)
    const browser = new Browser()
    const username = await makeUser(app)
    await signInByPage(app, username, {}, browser)
    const again = await leaving(browser.get(authorizeUrl(app, { prompt: 'none' })))
    expect(again.searchParams.get('code')).toMatch(/^[\w-]{36}$/)
    const stolen = browser.cookie('cognito') as string
    const out = await leaving(
      browser.get(`${app.base}/logout?client_id=${app.clientId}&logout_uri=https%3A%2F%2Fapp.example.com%2Fgoodbye`),
    )
    expect(out.href).toBe('https://app.example.com/goodbye')
    for (const cookie of [undefined, stolen]) {
      if (cookie !== undefined) browser.setCookie('cognito', cookie)
      const silent = await leaving(browser.get(authorizeUrl(app, { prompt: 'none', state: 's' })))
      expect(Object.fromEntries(silent.searchParams)).toEqual({ error: 'login_required', state: 's' })
    }
  })
})

describe('the sign-in page', () => {
  const server = useTestServer()

  it('says that a password is wrong, and signs in after that', async () => {
    const app = await makeApp(server)
    const username = await makeUser(app)
    const browser = new Browser()
    const page = await browser.get(authorizeUrl(app))
    expect(page.url.pathname).toBe(`/${app.poolId}/login`)
    const wrong = await browser.submit(page, { username, password: 'Wrong-horse-1' })
    expect(wrong.status).toBe(400)
    expect(wrong.text).toContain('Incorrect username or password.')
    expect(wrong.text).toContain(`value="${username}"`)
    const answered = await leaving(browser.submit(wrong, { username, password: PASSWORD }))
    expect(answered.searchParams.get('code')).toBeTruthy()
  })
})
