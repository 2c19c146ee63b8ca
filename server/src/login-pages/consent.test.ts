// Whoever registered an application itself gets nothing of a user who was not asked.
import { CreateResourceServerCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { claimsOf, makePool, useTestServer } from '../../test/harness.ts'
import {
  type App,
  appIn,
  authorizeUrl,
  CALLBACK,
  CHALLENGE,
  makeUser,
  PASSWORD,
  redeem,
  signInByPage,
  tokenCall,
  VERIFIER,
} from '../../test/oauth.ts'
import { Browser, leaving, type Page, wordsOf } from '../../test/page-walker.ts'

describe('an application that registered itself', () => {
  const server = useTestServer()
  let app: App
  let username: string
  const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256', state: 'st' }

  beforeAll(async () => {
    const DcrConfiguration = { OpenDcrEnabled: true, AllowedScopes: ['api/read'] }
    const { Id: poolId } = await makePool(server, { DcrConfiguration })
    const Scopes = [{ ScopeName: 'read', ScopeDescription: 'read <your> files' }]
    await server.admin.send(
      new CreateResourceServerCommand({ UserPoolId: poolId, Identifier: 'api', Name: 'API', Scopes }),
    )
    const base = `${server.publicUrl}/${poolId}`
    const response = await fetch(`${base}/oauth2/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [CALLBACK], client_name: 'Agent', token_endpoint_auth_method: 'none' }),
    })
    const { client_id: clientId } = (await response.json()) as { client_id: string }
    app = { server, poolId, clientId, secret: undefined, base }
  })
  beforeEach(async () => {
    username = await makeUser(app, { email: 'ann@example.com' })
  })

  const consentPage = async (browser = new Browser(), more: Record<string, string> = {}): Promise<Page> => {
    const page = await browser.get(authorizeUrl(app, { ...pkce, ...more }))
    return browser.submit(page, { username, password: PASSWORD })
  }

  it('is shown with what it asks for, and answered when the user allows it', async () => {
    const browser = new Browser()
    const page = await consentPage(browser, { scope: 'openid email api/read' })
    expect(page.url.pathname).toBe(`/${app.poolId}/consent`)
    for (const text of ['Allow Agent to use your account?', 'app.example.com', 'read your email address'])
      expect(page.text).toContain(text)
    expect(page.text).toContain('read &lt;your&gt; files')
    expect(page.text).not.toContain('phone number')
    const answered = await leaving(browser.submit(page, { decision: 'allow' }))
    expect(answered.searchParams.get('state')).toBe('st')
    const { json } = await redeem(app, answered, { code_verifier: VERIFIER })
    expect(claimsOf(json['access_token'] as string)['scope']).toBe('openid email api/read')
    // And it refreshes.
    const form = {
      grant_type: 'refresh_token',
      client_id: app.clientId,
      refresh_token: json['refresh_token'] as string,
    }
    expect((await tokenCall(app, form)).status).toBe(200)
  })

  it('is told when the user cancels', async () => {
    const browser = new Browser()
    const answered = await leaving(browser.submit(await consentPage(browser), { decision: 'cancel' }))
    expect(Object.fromEntries(answered.searchParams)).toEqual({ error: 'access_denied', state: 'st' })
  })

  it('asks once for what it was allowed, and anew for more, or when it wants to', async () => {
    const browser = new Browser()
    const asks = async (more: Record<string, string>) =>
      (await browser.get(authorizeUrl(app, { ...pkce, ...more }))).text
    await leaving(browser.submit(await consentPage(browser, { scope: 'openid email' }), { decision: 'allow' }))
    for (const scope of ['openid email', 'openid']) {
      const silent = await leaving(browser.get(authorizeUrl(app, { ...pkce, scope, prompt: 'none' })))
      expect([scope, silent.searchParams.has('code')]).toEqual([scope, true])
    }
    const silently = { scope: 'openid phone', prompt: 'none' }
    const refused = await leaving(browser.get(authorizeUrl(app, { ...pkce, ...silently })))
    expect(refused.searchParams.get('error')).toBe('consent_required')
    const wider: Record<string, string>[] = [
      { scope: 'openid phone' },
      { scope: 'openid', prompt: 'consent' },
      { scope: 'openid', resource: 'https://api.example.com/' },
    ]
    for (const more of wider) expect(await asks(more)).toContain('Allow Agent to use your account?')
    // What is allowed later comes beside it.
    const page = await browser.get(authorizeUrl(app, { ...pkce, scope: 'openid phone' }))
    await leaving(browser.submit(page, { decision: 'allow' }))
    const both = await leaving(browser.get(authorizeUrl(app, { ...pkce, scope: 'openid email phone', prompt: 'none' })))
    expect(both.searchParams.has('code')).toBe(true)
    // Another user of the browser is asked.
    const other = await makeUser(app)
    const theirs = await browser.get(authorizeUrl(app, { ...pkce, scope: 'openid', prompt: 'login' }))
    expect((await browser.submit(theirs, { username: other, password: PASSWORD })).text).toContain('Allow Agent')
  })

  it.each(['http://localhost:3000/callback', 'myapp://callback'])(
    'asks each time where any program of the device could be answered in its place: %s',
    async (redirect_uri) => {
      const response = await fetch(`${app.base}/oauth2/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: [redirect_uri], token_endpoint_auth_method: 'none' }),
      })
      const { client_id: clientId } = (await response.json()) as { client_id: string }
      const native = { ...app, clientId }
      const browser = new Browser()
      const url = authorizeUrl(native, { ...pkce, redirect_uri })
      const page = await browser.submit(await browser.get(url), { username, password: PASSWORD })
      await leaving(browser.submit(page, { decision: 'allow' }))
      expect((await browser.get(url)).url.pathname).toBe(`/${app.poolId}/consent`)
    },
  )

  it('may use an API only with what the user has allowed it there, and names it', async () => {
    const browser = new Browser()
    const resource = 'https://files.example.com/api'
    const page = await consentPage(browser, { scope: 'openid', resource })
    expect(wordsOf(page)).toContain(`know who you are use ${resource} in your name`)
    await leaving(browser.submit(page, { decision: 'allow' }))
    const both = { ...pkce, scope: 'openid email' }
    await leaving(browser.submit(await browser.get(authorizeUrl(app, both)), { decision: 'allow' }))
    const silently = async (more: Record<string, string>) =>
      (await leaving(browser.get(authorizeUrl(app, { ...pkce, ...more, prompt: 'none' })))).searchParams.get('error')
    expect([
      await silently({ scope: 'openid', resource }),
      await silently({ scope: 'openid email' }),
      await silently({ scope: 'openid email', resource }),
      await silently({ scope: 'openid', resource: `${resource}/other` }),
    ]).toEqual([null, null, 'consent_required', 'consent_required'])
  })

  it('asks no user of an application that an administrator made', async () => {
    const regular = await appIn(server, app.poolId)
    expect((await signInByPage(regular, username)).searchParams.get('code')).toBeTruthy()
  })

  it('is answered only for the request that the user signed in for', async () => {
    const browser = new Browser()
    const page = await consentPage(browser, { scope: 'openid' })
    const changes: [string, string][] = [
      ['scope', 'openid email'],
      ['state', 'other'],
      ['prompt', 'login'],
      ['consent', 'x'],
    ]
    for (const [name, value] of changes) {
      const url = new URL(page.url)
      url.searchParams.set(name, value)
      expect([name, (await browser.get(url)).url.pathname]).toEqual([name, `/${app.poolId}/login`])
    }
    // Nor does the address do in another browser, signed in or not.
    const other = new Browser()
    expect((await other.get(page.url)).url.pathname).toBe(`/${app.poolId}/login`)
    await consentPage(other)
    expect((await other.get(page.url)).url.pathname).toBe(`/${app.poolId}/login`)
    expect((await browser.get(page.url)).url.pathname).toBe(`/${app.poolId}/consent`)
  })

  it('is not allowed by a form of another site, nor late', async () => {
    const browser = new Browser()
    const page = await consentPage(browser)
    const forged = await browser.submit(page, { decision: 'allow' }, '', { origin: 'https://evil.example' })
    expect([forged.status, forged.url.pathname]).toEqual([403, `/${app.poolId}/consent`])
    const tokenless = await browser.submit(page, { decision: 'allow', _csrf: 'x' })
    expect(tokenless.status).toBe(403)
    server.clock.advance(601_000)
    expect((await browser.submit(page, { decision: 'allow' })).url.pathname).toBe(`/${app.poolId}/login`)
  })
})
