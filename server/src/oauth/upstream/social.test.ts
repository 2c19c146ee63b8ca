// Users who come from Google, Apple, Amazon and Facebook: oidc-provider with the paths and habits of the first three, and a
// stand-in for Facebook, which speaks OAuth in a way of its own.
import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { decodeProtectedHeader, jwtVerify } from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { idClaims, makeFederatedApp, shownUser } from '../../../test/federated-app.ts'
import { useTestServer } from '../../../test/harness.ts'
import { useLoopbackServer } from '../../../test/loopback-server.ts'
import { authorizeUrl } from '../../../test/oauth.ts'
import {
  CLIENT,
  formOf,
  fromProvider,
  signInAtProvider,
  toProvider,
  useOpenIdProvider,
} from '../../../test/openid-providers.ts'
import { Browser, leaving, type Page } from '../../../test/page-walker.ts'
import { providerEndpoints } from '../../effects/provider-endpoints.ts'

const endpoints = { ...providerEndpoints }
const server = useTestServer({ effects: { providerEndpoints: endpoints } })

describe('Google', () => {
  const google = useOpenIdProvider({
    routes: { authorization: '/o/oauth2/v2/auth', token: '/oauth2/v4/token' },
    // Google's ID tokens have the claims of the scopes.
    conformIdTokenClaims: false,
  })
  const people: string[] = []
  beforeAll(() => {
    Object.assign(endpoints, { google: google.url, googleTokens: google.url, googlePeople: google.url })
    google.account = { sub: '1122', email: 'ada@gmail.com', email_verified: true, given_name: 'Ada' }
    google.respond = (request, response) => {
      if (!request.url?.startsWith('/v1/people/me')) return false
      people.push(`${request.url} ${request.headers.authorization?.slice(0, 7)}`)
      response.end(JSON.stringify({ birthdays: [{ date: { year: 1815, month: 12, day: 10 } }], names: [{}] }))
      return true
    }
  })
  const make = (AttributeMapping: Record<string, string>) =>
    makeFederatedApp(server, {
      providers: [
        {
          ProviderName: 'Google',
          ProviderType: 'Google',
          ProviderDetails: { ...CLIENT, authorize_scopes: 'profile email openid' },
          AttributeMapping,
        },
      ],
    })

  it('signs its users in by the ID token alone where nothing else is mapped', async () => {
    const app = await make({ email: 'email', email_verified: 'email_verified', given_name: 'given_name' })
    const url = authorizeUrl(app, { identity_provider: 'Google', login_hint: 'ada@gmail.com' })
    expect(await idClaims(app, await signInAtProvider(new Browser(), url))).toMatchObject({
      'cognito:username': 'Google_1122',
      email: 'ada@gmail.com',
      email_verified: true,
      given_name: 'Ada',
      identities: [{ userId: '1122', providerName: 'Google', providerType: 'Google', issuer: null }],
    })
    expect(google.asked.at(-1)?.get('login_hint')).toBe('ada@gmail.com')
    expect(google.asked.at(-1)?.get('scope')).toBe('profile email openid')
    expect(people).toEqual([])
  })

  it('is asked for what the People API has, where that is mapped', async () => {
    const app = await make({ birthdate: 'birthdays' })
    const url = authorizeUrl(app, { identity_provider: 'Google' })
    expect(await idClaims(app, await signInAtProvider(new Browser(), url))).toMatchObject({ birthdate: '1815-12-10' })
    expect(people).toEqual(['/v1/people/me?personFields=birthdays Bearer '])
  })
})

describe('Apple', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const apple = useOpenIdProvider({
    routes: { authorization: '/auth/authorize', token: '/auth/token' },
    conformIdTokenClaims: false,
    // Apple's name for the scope; the name itself is posted beside the code.
    scopes: ['openid', 'email', 'name'],
  })
  const secrets: string[] = []
  beforeAll(() => {
    endpoints.apple = apple.url
    apple.account = { sub: '001.abc', email: 'x@privaterelay.appleid.com', email_verified: 'true' }
    apple.respond = async (request, response) => {
      if (request.url !== '/auth/token') return false
      // Apple's clients prove themselves by a token of the team; the provider that stands in knows a secret.
      const form = await formOf(request)
      secrets.push(form.get('client_secret') ?? '')
      form.set('client_secret', CLIENT.client_secret)
      Object.assign(request, { body: Object.fromEntries(form) })
      apple.provider.callback()(request, response)
      return true
    }
  })
  const make = () =>
    makeFederatedApp(server, {
      providers: [
        {
          ProviderName: 'SignInWithApple',
          ProviderType: 'SignInWithApple',
          ProviderDetails: {
            client_id: CLIENT.client_id,
            team_id: 'TEAM',
            key_id: 'KEY',
            private_key: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
            authorize_scopes: 'openid email name',
          },
          AttributeMapping: {
            email: 'email',
            email_verified: 'email_verified',
            given_name: 'firstName',
            family_name: 'lastName',
          },
        },
      ],
    })
  const user = (more: object = {}) => JSON.stringify({ name: { firstName: 'Ada', lastName: 'L' }, ...more })

  it('posts its answer, with the name at the first consent, and gets a secret that the key of the team has signed', async () => {
    const app = await make()
    const url = authorizeUrl(app, { identity_provider: 'SignInWithApple' })
    const fields = { user: user({ email: 'victim@example.com' }) }
    expect(await idClaims(app, await signInAtProvider(new Browser(), url, fields))).toMatchObject({
      'cognito:username': 'SignInWithApple_001.abc',
      email: 'x@privaterelay.appleid.com',
      email_verified: true,
      given_name: 'Ada',
      family_name: 'L',
    })
    expect(apple.asked.at(-1)?.get('response_mode')).toBe('form_post')
    const secret = secrets.at(-1) as string
    expect(decodeProtectedHeader(secret)).toEqual({ alg: 'ES256', kid: 'KEY' })
    const verified = await jwtVerify(secret, createPublicKey(publicKey.export({ format: 'pem', type: 'spki' })), {
      issuer: 'TEAM',
      audience: apple.url,
      subject: CLIENT.client_id,
    })
    expect(verified.payload.exp).toBeGreaterThan(verified.payload.iat as number)
    // Later there is no name; the one that was told stays.
    expect(await idClaims(app, await signInAtProvider(new Browser(), url))).toMatchObject({ given_name: 'Ada' })
  })

  it.each(['no JSON', '[]', '{"name":"x"}', '{"name":{"firstName":1}}'])('posts %s for a name', async (name) => {
    const app = await make()
    const browser = new Browser()
    const page = await fromProvider(
      await toProvider(browser, authorizeUrl(app, { identity_provider: 'SignInWithApple' })),
    )
    const answered = await leaving(browser.submit(page as Page, { user: name }))
    expect(answered.searchParams.get('code')).toBeTruthy()
  })
})

describe('Login with Amazon', () => {
  const amazon = useOpenIdProvider({
    routes: { authorization: '/ap/oa', token: '/auth/o2/token' },
    scopes: ['profile', 'postal_code'],
  })
  beforeAll(() => {
    Object.assign(endpoints, { amazon: amazon.url, amazonPages: amazon.url })
    amazon.account = { sub: 'amzn1.account.ABC', name: 'Ada', email: 'ada@example.com' }
    amazon.respond = async (request, response) => {
      if (request.url !== '/user/profile') return false
      const token = await amazon.provider.AccessToken.find(
        (request.headers.authorization ?? '').slice('Bearer '.length),
      )
      const { sub: _, ...claims } = amazon.account
      response.writeHead(token ? 200 : 400).end(JSON.stringify({ user_id: token?.accountId, ...claims }))
      return true
    }
  })

  it('signs its users in by their profile', async () => {
    const app = await makeFederatedApp(server, {
      providers: [
        {
          ProviderName: 'LoginWithAmazon',
          ProviderType: 'LoginWithAmazon',
          ProviderDetails: { ...CLIENT, authorize_scopes: 'profile postal_code' },
          AttributeMapping: { email: 'email', name: 'name' },
        },
      ],
    })
    const url = authorizeUrl(app, { identity_provider: 'LoginWithAmazon' })
    expect(await idClaims(app, await signInAtProvider(new Browser(), url))).toMatchObject({
      'cognito:username': 'LoginWithAmazon_amzn1.account.ABC',
      email: 'ada@example.com',
      email_verified: false,
      name: 'Ada',
    })
  })
})

describe('Facebook', () => {
  /** What Graph answers for the access token that it gives. */
  let me: Record<string, unknown> = {}
  const calls: URL[] = []
  const facebook = useLoopbackServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://graph')
    calls.push(url)
    const json = (body: object, status = 200) => response.writeHead(status).end(JSON.stringify(body))
    if (request.method !== 'GET') return json({}, 405)
    if (url.pathname === '/v17.0/oauth/access_token') {
      const { client_secret, code } = Object.fromEntries(url.searchParams)
      if (client_secret !== CLIENT.client_secret || code !== 'c') return json({ error: { code: 100 } }, 400)
      return json({ access_token: 'token-of-facebook', token_type: 'bearer', expires_in: 5183944 })
    }
    const proof = createHmac('sha256', CLIENT.client_secret).update('token-of-facebook').digest('hex')
    const isProven =
      request.headers.authorization === 'Bearer token-of-facebook' && url.searchParams.get('appsecret_proof') === proof
    return isProven && url.pathname === '/v17.0/me' ? json(me) : json({}, 400)
  })
  beforeAll(() => {
    const url = `http://127.0.0.1:${facebook.port}`
    Object.assign(endpoints, { facebook: url, facebookPages: url })
  })
  beforeEach(() => {
    calls.length = 0
  })
  const make = () =>
    makeFederatedApp(server, {
      providers: [
        {
          ProviderName: 'Facebook',
          ProviderType: 'Facebook',
          ProviderDetails: { ...CLIENT, authorize_scopes: 'public_profile,email' },
          AttributeMapping: { email: 'email', given_name: 'first_name' },
        },
      ],
    })

  async function answered(code: string): Promise<{ app: Awaited<ReturnType<typeof make>>; url: URL }> {
    const app = await make()
    const browser = new Browser()
    const request = await toProvider(browser, authorizeUrl(app, { identity_provider: 'Facebook' }))
    expect(request.pathname).toBe('/v17.0/dialog/oauth')
    expect(request.searchParams.get('scope')).toBe('public_profile,email')
    const back = new URL(`${app.base}/oauth2/idpresponse`)
    back.searchParams.set('state', request.searchParams.get('state') ?? '')
    back.searchParams.set('code', code)
    return { app, url: await leaving(browser.get(back)) }
  }

  it('signs its users in by what Graph says, asked for the mapped fields with a proof of the secret', async () => {
    me = { id: '778', email: 'ada@example.com', first_name: 'Ada' }
    const { app, url } = await answered('c')
    expect(await idClaims(app, url)).toMatchObject({ 'cognito:username': 'Facebook_778', given_name: 'Ada' })
    expect(calls.at(-1)?.searchParams.get('fields')).toBe('id,email,first_name')
    expect((await shownUser(app, 'Facebook_778')).attributes['email_verified']).toBe('false')
  })

  it('that takes no code is told to the application', async () => {
    const { url } = await answered('other')
    expect(url.searchParams.get('error_description')).toBe('Facebook Error - 400 error getting token')
  })

  it('that names no user is told to the application', async () => {
    me = { email: 'ada@example.com' }
    const { url } = await answered('c')
    expect(url.searchParams.get('error_description')).toBe('username attribute mapping required')
  })
})
