// Users who come from a generic OpenID Connect provider (oidc-provider), by a browser's whole way.
import {
  AdminDisableUserCommand,
  AdminListGroupsForUserCommand,
  ListUsersCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { accountUrl, ON } from '../../../test/account-pages.ts'
import { idClaims, makeFederatedApp, ownProvider, shownUser } from '../../../test/federated-app.ts'
import { claimsOf, engines, useTestServer } from '../../../test/harness.ts'
import {
  type App,
  appIn,
  authorizeUrl,
  CALLBACK,
  makeUser,
  oauthSettings,
  redeem,
  signInByPage,
  tokenCall,
} from '../../../test/oauth.ts'
import { fromProvider, signInAtProvider, toProvider, useOpenIdProvider } from '../../../test/openid-providers.ts'
import { Browser, leaving } from '../../../test/page-walker.ts'

describe.each(engines)('users from an OpenID Connect provider on %s', (engine) => {
  const server = useTestServer({ engine })
  const upstream = useOpenIdProvider()
  let app: App
  beforeAll(async () => {
    app = await makeFederatedApp(server, { providers: [ownProvider(upstream.url)] })
  })
  const atOwn = (parameters: Record<string, string> = {}) =>
    authorizeUrl(app, { identity_provider: 'Own', ...parameters })

  it('are made at the first sign-in, with the mapped attributes, an identity and a group', async () => {
    upstream.account = { sub: 'Ada-1', email: 'ada@example.com', email_verified: true, name: 'Ada' }
    const answered = await signInAtProvider(new Browser(), atOwn({ state: 'the state', nonce: 'the nonce' }))
    expect(answered.searchParams.get('state')).toBe('the state')
    const claims = await idClaims(app, answered)
    const group = `${app.poolId}_Own`
    expect(claims).toMatchObject({
      'cognito:username': 'Own_Ada-1',
      'cognito:groups': [group],
      email: 'ada@example.com',
      email_verified: false,
      name: 'Ada',
      nonce: 'the nonce',
      identities: [{ userId: 'Ada-1', providerName: 'Own', providerType: 'OIDC', primary: 'true' }],
    })
    const user = await shownUser(app, 'Own_Ada-1')
    expect(user).toMatchObject({ status: 'EXTERNAL_PROVIDER', enabled: true })
    expect(user.attributes['sub']).toBe(claims['sub'])
    const { Groups } = await server.admin.send(
      new AdminListGroupsForUserCommand({ UserPoolId: app.poolId, Username: 'Own_Ada-1' }),
    )
    expect(Groups?.map(({ GroupName }) => GroupName)).toEqual([group])
  })

  it('are the same users the next time, with what the provider says now; what it says no more stays', async () => {
    upstream.account = { sub: 'grace', email: 'grace@example.com', name: 'Grace' }
    const first = await idClaims(app, await signInAtProvider(new Browser(), atOwn()))
    upstream.account = { sub: 'grace', email: 'hopper@example.com' }
    const second = await idClaims(app, await signInAtProvider(new Browser(), atOwn()))
    expect(second['sub']).toBe(first['sub'])
    expect(second).toMatchObject({ email: 'hopper@example.com', name: 'Grace' })
  })

  it('are one user, when two first sign-ins come at once', async () => {
    upstream.account = { sub: 'twin', email: 'twin@example.com' }
    const both = await Promise.all([1, 2, 3, 4].map(() => signInAtProvider(new Browser(), atOwn())))
    const claims = await Promise.all(both.map((answered) => idClaims(app, answered)))
    expect(new Set(claims.map(({ sub }) => sub)).size).toBe(1)
    const { Users } = await server.admin.send(
      new ListUsersCommand({ UserPoolId: app.poolId, Filter: 'email = "twin@example.com"' }),
    )
    expect(Users).toHaveLength(1)
  })

  it('are signed in at no application that does not have their provider, nor others where it is the only one', async () => {
    const [federated, own] = [
      await appIn(server, app.poolId, { SupportedIdentityProviders: ['Own'] }),
      await appIn(server, app.poolId, { SupportedIdentityProviders: ['COGNITO'] }),
    ]
    const outcome = async (of: App, by: Browser) =>
      (await leaving(by.get(authorizeUrl(of, { prompt: 'none' })))).searchParams.get('error') ?? 'code'
    upstream.account = { sub: 'restricted' }
    const [theirs, ours] = [new Browser(), new Browser()]
    await signInAtProvider(theirs, authorizeUrl(federated))
    await signInByPage(own, await makeUser(own), {}, ours)
    const both = async (by: Browser) => [await outcome(federated, by), await outcome(own, by), await outcome(app, by)]
    expect([await both(theirs), await both(ours)]).toEqual([
      ['code', 'login_required', 'code'],
      ['login_required', 'code', 'code'],
    ])
  })

  it('sign in there again for pages of their account that want a recent sign-in', async () => {
    const keeper = await makeFederatedApp(server, {
      pool: { UserPoolTags: ON },
      client: { SupportedIdentityProviders: ['Own'] },
      providers: [ownProvider(upstream.url)],
    })
    const asks = async (url: string | URL) =>
      (await toProvider(new Browser(), new URL(url))).searchParams.get('max_age')
    expect([await asks(accountUrl(keeper, '/profile')), await asks(authorizeUrl(keeper, { max_age: '600' }))]).toEqual([
      '600',
      null,
    ])
    upstream.account = { sub: 'keeper' }
    const browser = new Browser()
    const back = (await fromProvider(await toProvider(browser, new URL(accountUrl(keeper, '/profile'))))) as URL
    expect((await browser.get(back)).url.pathname).toBe(`/${keeper.poolId}/account/profile`)
  })

  it('who are disabled are refused, and the application is told', async () => {
    upstream.account = { sub: 'eve' }
    await signInAtProvider(new Browser(), atOwn())
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId: app.poolId, Username: 'Own_eve' }))
    const answered = await signInAtProvider(new Browser(), atOwn({ state: 's' }))
    expect(Object.fromEntries(answered.searchParams)).toEqual({
      error: 'invalid_request',
      error_description: 'User is not enabled',
      state: 's',
    })
  })
})

describe('the round trip to an OpenID Connect provider', () => {
  const server = useTestServer()
  const upstream = useOpenIdProvider()
  let app: App
  beforeAll(async () => {
    app = await makeFederatedApp(server, {
      providers: [ownProvider(upstream.url, { IdpIdentifiers: ['example.com'] })],
    })
  })
  const atOwn = (parameters: Record<string, string> = {}) =>
    authorizeUrl(app, { identity_provider: 'Own', ...parameters })

  it('sends PKCE, a nonce, the scopes in their order, and what the application says about the user', async () => {
    const request = await toProvider(new Browser(), atOwn({ login_hint: 'ada@example.com', prompt: 'login consent' }))
    const asked = Object.fromEntries(request.searchParams)
    expect(asked).toMatchObject({
      client_id: 'pool',
      redirect_uri: `${app.base}/oauth2/idpresponse`,
      response_type: 'code',
      scope: 'openid email profile',
      code_challenge_method: 'S256',
      login_hint: 'ada@example.com',
      prompt: 'login consent',
    })
    expect(asked['code_challenge']).toMatch(/^[\w-]{43}$/)
    expect(asked['nonce']).toMatch(/^[\w-]{22}$/)
  })

  it('sends other nonces and challenges each time', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => toProvider(new Browser(), atOwn())))
    for (const name of ['nonce', 'code_challenge', 'state'])
      expect(one?.searchParams.get(name)).not.toBe(other?.searchParams.get(name))
  })

  it('begins by an identifier of the provider, too', async () => {
    const request = await toProvider(new Browser(), authorizeUrl(app, { idp_identifier: 'example.com' }))
    expect(request.origin).toBe(upstream.url)
  })

  it.each([{ identity_provider: 'Other' }, { idp_identifier: 'other.example' }, { idp_identifier: 'nul\0' }])(
    'ends on the error page for %j',
    async (parameters) => {
      const page = await new Browser().get(authorizeUrl(app, parameters))
      expect(page.status).toBe(400)
      expect(page.url.searchParams.get('error')).toBe('unknown_provider')
    },
  )

  it('ends on the error page for a provider that the client has not', async () => {
    const other = await appIn(server, app.poolId)
    const page = await new Browser().get(authorizeUrl(other, { identity_provider: 'Own' }))
    expect(page.url.searchParams.get('error')).toBe('unknown_provider')
  })

  it('tells the application what the provider refuses', async () => {
    const browser = new Browser()
    const request = await toProvider(browser, atOwn({ state: 's' }))
    const back = new URL(`${app.base}/oauth2/idpresponse`)
    back.searchParams.set('state', request.searchParams.get('state') ?? '')
    back.searchParams.set('error', 'access_denied')
    back.searchParams.set('error_description', 'no "thanks"\n')
    const answered = await leaving(browser.get(back))
    expect(answered.href.startsWith(CALLBACK)).toBe(true)
    expect(Object.fromEntries(answered.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'no  thanks  ',
      state: 's',
    })
  })

  it('ends at a provider that was taken from the client meanwhile', async () => {
    const own = await makeFederatedApp(server, { providers: [ownProvider(upstream.url)] })
    const browser = new Browser()
    const back = await fromProvider(await toProvider(browser, authorizeUrl(own, { identity_provider: 'Own' })))
    await server.admin.send(
      new UpdateUserPoolClientCommand({ ...oauthSettings, UserPoolId: own.poolId, ClientId: own.clientId }),
    )
    const page = await browser.get(back as URL)
    expect(page.url.searchParams.get('error')).toBe('unknown_provider')
  })

  it('gives tokens by every flow: a refresh, user info, and the fragment of the implicit grant', async () => {
    upstream.account = { sub: 'flows', email: 'flows@example.com' }
    const { json } = await redeem(app, await signInAtProvider(new Browser(), atOwn({ scope: 'openid email' })))
    const refreshed = await tokenCall(app, {
      grant_type: 'refresh_token',
      client_id: app.clientId,
      refresh_token: json['refresh_token'] as string,
    })
    expect(claimsOf(refreshed.json['id_token'] as string)).toMatchObject({
      'cognito:username': 'Own_flows',
      identities: [{ userId: 'flows' }],
    })
    const headers = { authorization: `Bearer ${json['access_token']}` }
    const info = (await (await fetch(`${app.base}/oauth2/userInfo`, { headers })).json()) as Record<string, unknown>
    expect(info).toMatchObject({ username: 'Own_flows', email: 'flows@example.com' })
    const implicit = await signInAtProvider(new Browser(), atOwn({ response_type: 'token', nonce: 'n' }))
    const fragment = new URLSearchParams(implicit.hash.slice(1))
    expect(claimsOf(fragment.get('id_token') as string)).toMatchObject({ nonce: 'n', 'cognito:username': 'Own_flows' })
  })

  it('takes keys and endpoints that an administrator has named where there is no discovery document', async () => {
    upstream.respond = ({ url }, response) => {
      if (!url?.startsWith('/.well-known/')) return false
      response.writeHead(404).end()
      return true
    }
    const at = (path: string): string => `${upstream.url}${path}`
    const named = await makeFederatedApp(server, {
      providers: [
        ownProvider(upstream.url, {
          ProviderDetails: {
            authorize_url: at('/auth'),
            token_url: at('/token'),
            attributes_url: at('/me'),
            jwks_uri: at('/jwks'),
            attributes_request_method: 'POST',
          },
        }),
      ],
    })
    upstream.account = { sub: 'by-hand' }
    const answered = await signInAtProvider(new Browser(), authorizeUrl(named, { identity_provider: 'Own' }))
    upstream.respond = undefined
    expect((await idClaims(named, answered))['cognito:username']).toBe('Own_by-hand')
  })

  it('asks for levels of assurance by their names there, again when a session is of a lower one', async () => {
    upstream.respond = undefined
    const levels = await makeFederatedApp(server, {
      providers: [ownProvider(upstream.url, { AcrMapping: { Level1: 'low', Level4: 'high' } })],
    })
    const url = (acr_values: string) => authorizeUrl(levels, { identity_provider: 'Own', acr_values })
    const acrOf = async (answered: URL) => {
      const { acr, amr } = await idClaims(levels, answered)
      return { acr, amr }
    }
    upstream.account = { sub: 'levels', acr: 'low' }
    const browser = new Browser()
    const low = await signInAtProvider(browser, url('urn:cognito:loa:1 unknown'))
    expect(upstream.asked.at(-1)?.get('acr_values')).toBe('low')
    expect(await acrOf(low)).toEqual({ acr: 'urn:cognito:loa:1', amr: ['fed'] })
    expect(await acrOf(await leaving(browser.get(url('urn:cognito:loa:1'))))).toMatchObject({
      acr: 'urn:cognito:loa:1',
    })
    upstream.account = { sub: 'levels', acr: 'high' }
    const high = await signInAtProvider(browser, url('urn:cognito:loa:4'))
    expect(upstream.asked.at(-1)?.get('acr_values')).toBe('high')
    expect(await acrOf(high)).toEqual({ acr: 'urn:cognito:loa:4', amr: ['pwd', 'otp'] })
    expect(await acrOf(await leaving(browser.get(url('urn:cognito:loa:4'))))).toMatchObject({
      acr: 'urn:cognito:loa:4',
    })
  })

  describe('and the browser session', () => {
    it('signs the user in at the next application without the provider', async () => {
      upstream.account = { sub: 'sso' }
      const browser = new Browser()
      const first = await idClaims(app, await signInAtProvider(browser, atOwn()))
      const again = await idClaims(app, await leaving(browser.get(authorizeUrl(app, { prompt: 'none' }))))
      expect(again['sub']).toBe(first['sub'])
      const named = await idClaims(app, await leaving(browser.get(atOwn({ prompt: 'none' }))))
      expect(named['sub']).toBe(first['sub'])
    })

    it('is not one of COGNITO for an application that names it, nor the other way round', async () => {
      upstream.account = { sub: 'sso' }
      const federated = new Browser()
      await signInAtProvider(federated, atOwn())
      const asCognito = authorizeUrl(app, { prompt: 'none', identity_provider: 'COGNITO' })
      expect((await leaving(federated.get(asCognito))).searchParams.get('error')).toBe('login_required')
      const local = new Browser()
      await signInByPage(app, await makeUser(app), {}, local)
      expect((await leaving(local.get(atOwn({ prompt: 'none' })))).searchParams.get('error')).toBe('login_required')
      expect((await toProvider(local, atOwn())).origin).toBe(upstream.url)
    })

    it('is passed over with prompt=login', async () => {
      upstream.account = { sub: 'sso' }
      const browser = new Browser()
      await signInAtProvider(browser, atOwn())
      expect((await toProvider(browser, atOwn({ prompt: 'login' }))).origin).toBe(upstream.url)
    })
  })
})
