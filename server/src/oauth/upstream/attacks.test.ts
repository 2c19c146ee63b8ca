// Answers of identity providers that must not sign anybody in, and the honest original of each
// (docs/reference/oauth-and-federation.md 25, docs/reference/threats.md 18, 22, 34, 36).
import { createHash, createHmac, generateKeyPairSync } from 'node:crypto'
import { ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider'
import { exportJWK, SignJWT } from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeFederatedApp, ownProvider } from '../../../test/federated-app.ts'
import { useTestServer } from '../../../test/harness.ts'
import { useLoopbackServer } from '../../../test/loopback-server.ts'
import { type App, authorizeUrl, CALLBACK, makeUser, signInByPage } from '../../../test/oauth.ts'
import {
  CLIENT,
  formOf,
  fromProvider,
  signInAtProvider,
  toProvider,
  useOpenIdProvider,
} from '../../../test/openid-providers.ts'
import { Browser, leaving } from '../../../test/page-walker.ts'

const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ACCESS_TOKEN = 'an-access-token'
const AT_HASH = createHash('sha256').update(ACCESS_TOKEN).digest().subarray(0, 16).toString('base64url')

/** A provider whose every word a test chooses. */
interface Rogue {
  readonly url: string
  /** The forms that its token endpoint got. */
  readonly redeemed: URLSearchParams[]
  /** Members of the discovery document beside the usual ones. */
  published: Record<string, unknown>
  claims: Record<string, unknown>
  idToken: (claims: Record<string, unknown>) => Promise<string | undefined>
  userInfo: Record<string, unknown>
  /** The status of the token endpoint. */
  status: number
}

const signed = (claims: Record<string, unknown>, header: object = {}, by = key.privateKey) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(by)

const unsigned = (header: object, claims: object): string =>
  [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')

function useRogue(): Rogue {
  const server = useLoopbackServer(async (request, response) => {
    const path = (request.url ?? '').split('?')[0]
    const json = (body: unknown, status = 200) => response.writeHead(status).end(JSON.stringify(body))
    if (path === '/.well-known/openid-configuration') {
      const at = (name: string) => `${rogue.url}/${name}`
      return json({
        issuer: rogue.url,
        authorization_endpoint: at('authorize'),
        token_endpoint: at('token'),
        userinfo_endpoint: at('me'),
        jwks_uri: at('keys'),
        ...rogue.published,
      })
    }
    if (path === '/keys') return json({ keys: [{ ...(await exportJWK(key.publicKey)), kid: 'one', alg: 'RS256' }] })
    if (path === '/me') return json(rogue.userInfo)
    rogue.redeemed.push(await formOf(request))
    const id_token = await rogue.idToken(rogue.claims)
    return json({ access_token: ACCESS_TOKEN, token_type: 'Bearer', id_token, error: 'invalid_grant' }, rogue.status)
  })
  const rogue: Rogue = {
    get url() {
      return `http://127.0.0.1:${server.port}`
    },
    redeemed: [],
    published: {},
    claims: {},
    idToken: signed,
    userInfo: { sub: 'ada' },
    status: 200,
  }
  return rogue
}

describe('an answer of a provider', () => {
  const server = useTestServer()
  const rogue = useRogue()
  let app: App
  beforeAll(async () => {
    app = await makeFederatedApp(server, { providers: [ownProvider(rogue.url)] })
  })
  beforeEach(() => {
    server.clock.freeze()
    Object.assign(rogue, { idToken: signed, userInfo: { sub: 'ada' }, status: 200 })
    rogue.redeemed.length = 0
  })

  const atOwn = (of = app) => authorizeUrl(of, { identity_provider: 'Own', state: 's' })
  const seconds = (): number => Math.floor(server.clock.now() / 1000)

  /** Begins a sign-in; the provider will then answer honestly, but for `changes` of the ID token. */
  async function begin(browser: Browser, changes: Record<string, unknown> = {}, of = app): Promise<URLSearchParams> {
    const { searchParams } = await toProvider(browser, atOwn(of))
    rogue.claims = {
      iss: rogue.url,
      sub: 'ada',
      aud: 'pool',
      nonce: searchParams.get('nonce'),
      iat: seconds(),
      exp: seconds() + 300,
      at_hash: AT_HASH,
      ...changes,
    }
    return searchParams
  }

  function answer(state: string | null, more: Record<string, string> = {}, of = app): URL {
    const url = new URL(`${of.base}/oauth2/idpresponse`)
    for (const [name, value] of Object.entries({ code: 'c', state: state ?? '', ...more }))
      url.searchParams.set(name, value)
    return url
  }

  const users = async (of = app) => {
    const { Users = [] } = await server.admin.send(new ListUsersCommand({ UserPoolId: of.poolId }))
    return Users.map(({ Username }) => Username)
  }

  const errorOf = async (walk: Promise<unknown>): Promise<string | null> =>
    (await leaving(walk)).searchParams.get('error_description')

  it('signs its user in when it is honest, and sends the secret and the verifier', async () => {
    const browser = new Browser()
    const asked = await begin(browser)
    const answered = await leaving(browser.get(answer(asked.get('state'))))
    expect(answered.searchParams.get('code')).toBeTruthy()
    const form = rogue.redeemed[0] as URLSearchParams
    expect(Object.fromEntries(form)).toMatchObject({
      ...CLIENT,
      grant_type: 'authorization_code',
      code: 'c',
      redirect_uri: `${app.base}/oauth2/idpresponse`,
    })
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    expect(challenge).toBe(asked.get('code_challenge'))
  })

  it('signs its user in when it is posted', async () => {
    const browser = new Browser()
    const state = (await begin(browser)).get('state') ?? ''
    const page = { status: 200, headers: new Headers(), url: new URL(rogue.url), text: '' }
    const action = `${app.base}/oauth2/idpresponse`
    const form = { ...page, text: `<form method="post" action="${action}"></form>` }
    const answered = await leaving(browser.submit(form, { state, code: 'c' }))
    expect(answered.searchParams.get('code')).toBeTruthy()
  })

  describe('whose state', () => {
    const refusedState = async (browser: Browser, url: URL): Promise<void> => {
      const page = await browser.get(url)
      expect([page.status, page.url.searchParams.get('error')]).toEqual([400, 'invalid_state'])
      expect(rogue.redeemed).toEqual([])
      expect(browser.cookie('cognito')).toBeUndefined()
    }

    it('is of another browser is refused', async () => {
      const attacker = new Browser()
      const state = (await begin(attacker)).get('state')
      await refusedState(new Browser(), answer(state))
      const victim = new Browser()
      await begin(victim)
      await refusedState(victim, answer(state))
    })

    it('comes again is refused', async () => {
      const browser = new Browser()
      const state = (await begin(browser)).get('state')
      await leaving(browser.get(answer(state)))
      rogue.redeemed.length = 0
      browser.forget('cognito')
      await refusedState(browser, answer(state))
    })

    it('comes many times at once is good once', async () => {
      const browser = new Browser()
      const state = (await begin(browser)).get('state')
      const all = await Promise.allSettled([1, 2, 3, 4, 5].map(() => leaving(browser.get(answer(state)))))
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(rogue.redeemed).toHaveLength(1)
    })

    it('is older than five minutes is refused', async () => {
      const browser = new Browser()
      const state = (await begin(browser)).get('state')
      server.clock.advance(5 * 60_000)
      await refusedState(browser, answer(state))
    })

    it('is of another pool is refused', async () => {
      const other = await makeFederatedApp(server, { providers: [ownProvider(rogue.url)] })
      const browser = new Browser()
      const state = (await begin(browser, {}, other)).get('state')
      // The attacker may even have planted the cookie.
      browser.setCookie('csrf-state', browser.cookie('csrf-state') ?? '')
      await refusedState(browser, answer(state))
    })

    it.each([
      ['is made up', () => 'x'.repeat(200)],
      ['is absent', () => ''],
      ['was changed', (state: string) => `${state.slice(0, -2)}${state.endsWith('AA') ? 'BB' : 'AA'}`],
    ])('%s is refused', async (_what, change) => {
      const browser = new Browser()
      const state = (await begin(browser)).get('state') ?? ''
      await refusedState(browser, answer(change(state)))
    })

    it('is of another of two sign-ins in two tabs signs in all the same', async () => {
      const browser = new Browser()
      const first = (await begin(browser)).get('state')
      const claims = rogue.claims
      await begin(browser)
      rogue.claims = claims
      expect((await leaving(browser.get(answer(first)))).searchParams.get('code')).toBeTruthy()
    })
  })

  describe('that names another issuer (mix-up)', () => {
    it('is refused before the code goes anywhere', async () => {
      const browser = new Browser()
      const state = (await begin(browser)).get('state')
      const url = answer(state, { iss: 'https://honest.example' })
      expect(await errorOf(browser.get(url))).toBe('Bad issuer of the answer')
      expect(rogue.redeemed).toEqual([])
    })

    it('is refused as one that names none is, where the provider names itself in every answer', async () => {
      rogue.published = { authorization_response_iss_parameter_supported: true }
      const other = await makeFederatedApp(server, { providers: [ownProvider(rogue.url)] })
      rogue.published = {}
      const browser = new Browser()
      const without = (await begin(browser, {}, other)).get('state')
      expect(await errorOf(browser.get(answer(without, {}, other)))).toBe('Bad issuer of the answer')
      const named = (await begin(browser, {}, other)).get('state')
      const answered = await leaving(browser.get(answer(named, { iss: rogue.url }, other)))
      expect(answered.searchParams.get('code')).toBeTruthy()
    })
  })

  it.each<[string, (change: typeof rogue) => Record<string, unknown> | undefined, string]>([
    ['another nonce', () => ({ nonce: 'x' }), 'Bad id_token nonce'],
    ['no nonce', () => ({ nonce: undefined }), 'Bad id_token nonce'],
    ['another issuer', () => ({ iss: 'https://honest.example' }), 'Bad id_token issuer'],
    ['another audience', () => ({ aud: 'other' }), 'Bad id_token audience'],
    ['several audiences', () => ({ aud: ['pool', 'other'] }), 'Bad id_token azp'],
    ['an end that is past', () => ({ exp: seconds() - 61 }), 'Bad id_token exp'],
    ['no end', () => ({ exp: undefined }), 'Bad id_token claims'],
    ['no subject', () => ({ sub: undefined }), 'Bad id_token claims'],
    ['a time to come', () => ({ iat: seconds() + 61 }), 'Bad id_token iat'],
    ['another access token', () => ({ at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }), 'Bad id_token at_hash'],
  ])('whose ID token has %s is refused', async (_what, change, text) => {
    const before = await users()
    const browser = new Browser()
    const state = (await begin(browser, change(rogue))).get('state')
    expect(await errorOf(browser.get(answer(state)))).toBe(text)
    expect(browser.cookie('cognito')).toBeUndefined()
    expect(await users()).toEqual(before)
  })

  const publicPem = key.publicKey.export({ format: 'pem', type: 'spki' })
  const hmac = (claims: object, secret: string | Buffer, alg = 'HS256'): string => {
    const content = unsigned({ alg, kid: 'one' }, claims)
    return `${content}.${createHmac(`sha${alg.slice(2)}`, secret)
      .update(content)
      .digest('base64url')}`
  }
  it.each<[string, Rogue['idToken'], string]>([
    ['signed with another key', (claims) => signed(claims, {}, otherKey.privateKey), 'Bad id_token signature'],
    ['signed with a key that is not published', (claims) => signed(claims, { kid: 'two' }), 'Bad id_token signature'],
    ['not signed', async (claims) => `${unsigned({ alg: 'none' }, claims)}.`, 'Bad id_token'],
    [
      'not signed, with a signature',
      async (claims) => `${unsigned({ alg: 'none' }, claims)}.AAAA`,
      'Bad id_token signature',
    ],
    ['MACed with the public key', async (claims) => hmac(claims, publicPem as string), 'Bad id_token signature'],
    ['MACed with another secret', async (claims) => hmac(claims, 'guess'), 'Bad id_token signature'],
    [
      'signed with a key of its own header',
      async (claims) =>
        signed(claims, { jwk: await exportJWK(otherKey.publicKey), kid: undefined }, otherKey.privateKey),
      'Bad id_token signature',
    ],
    ['with a demand in its header', (claims) => signed(claims, { crit: ['b64'], b64: true }), 'Bad id_token signature'],
    ['an access token', (claims) => signed(claims, { typ: 'at+jwt' }), 'Bad id_token'],
    ['no token', async () => 'text', 'Bad id_token'],
    ['absent', async () => undefined, 'Bad token response: there is no id_token'],
  ])('whose ID token is %s is refused', async (_what, idToken, text) => {
    rogue.idToken = idToken
    const browser = new Browser()
    const state = (await begin(browser)).get('state')
    expect(await errorOf(browser.get(answer(state)))).toBe(text)
    expect(browser.cookie('cognito')).toBeUndefined()
  })

  it.each(['HS256', 'HS512'])("whose ID token is MACed with the client's secret is taken (%s)", async (alg) => {
    rogue.idToken = async ({ at_hash: _, ...claims }) => hmac(claims, CLIENT.client_secret, alg)
    const browser = new Browser()
    const state = (await begin(browser)).get('state')
    expect((await leaving(browser.get(answer(state)))).searchParams.get('code')).toBeTruthy()
  })

  it('whose user info is of another user is refused', async () => {
    rogue.userInfo = { sub: 'victim', email: 'victim@example.com' }
    const browser = new Browser()
    const state = (await begin(browser)).get('state')
    expect(await errorOf(browser.get(answer(state)))).toBe('Bad sub of the user info')
  })

  it('whose code the provider does not take is told to the application', async () => {
    rogue.status = 400
    const browser = new Browser()
    const state = (await begin(browser)).get('state')
    const { searchParams } = await leaving(browser.get(answer(state)))
    expect(Object.fromEntries(searchParams)).toEqual({
      error: 'invalid_request',
      error_description: 'Own Error - 400 error getting token',
      state: 's',
    })
  })

  it('with the address of a user of the pool is another user', async () => {
    const victim = await makeUser(app, { email: 'victim@example.com', email_verified: 'true' })
    rogue.userInfo = { sub: 'nemo', email: 'victim@example.com', email_verified: true }
    const browser = new Browser()
    const state = (await begin(browser, { sub: 'nemo' })).get('state')
    await leaving(browser.get(answer(state)))
    expect(await users()).toEqual(expect.arrayContaining([victim, 'Own_nemo']))
    expect((await signInByPage(app, victim)).searchParams.get('code')).toBeTruthy()
  })

  it('with a user id that is no username is refused', async () => {
    const sub = 'x'.repeat(125)
    rogue.userInfo = { sub }
    const browser = new Browser()
    const state = (await begin(browser, { sub })).get('state')
    expect(await errorOf(browser.get(answer(state)))).toBe('The user id of the identity provider cannot be a username')
  })

  it('with a repeated parameter is refused', async () => {
    const browser = new Browser()
    const state = (await begin(browser)).get('state')
    const url = new URL(`${answer(state)}&code=d`)
    expect(await errorOf(browser.get(url))).toBe('A parameter of the answer is repeated')
    expect(rogue.redeemed).toEqual([])
  })
})

describe('requests to providers', () => {
  const server = useTestServer()
  const inside = useRogue()

  it.each(['https://169.254.169.254/token', 'https://10.0.0.7/token', 'https://[::ffff:127.0.0.1]/token'])(
    'do not go to %s, which a discovery document names',
    async (token_endpoint) => {
      inside.published = { token_endpoint }
      const app = await makeFederatedApp(server, { providers: [ownProvider(inside.url)] })
      const browser = new Browser()
      const { searchParams } = await toProvider(browser, authorizeUrl(app, { identity_provider: 'Own' }))
      const url = new URL(`${app.base}/oauth2/idpresponse`)
      url.searchParams.set('state', searchParams.get('state') ?? '')
      url.searchParams.set('code', 'c')
      expect((await leaving(browser.get(url))).searchParams.get('error_description')).toBe('Connection reset')
    },
  )
})

describe('a code of another sign-in at the same provider', () => {
  const server = useTestServer()
  const upstream = useOpenIdProvider()

  it('does not sign a victim in as the attacker, nor the attacker as the victim', async () => {
    const app = await makeFederatedApp(server, { providers: [ownProvider(upstream.url)] })
    const url = authorizeUrl(app, { identity_provider: 'Own' })
    upstream.account = { sub: 'attacker' }
    const stolen = (await fromProvider(await toProvider(new Browser(), url))) as URL
    const victim = new Browser()
    const request = await toProvider(victim, url)
    const injected = new URL(stolen)
    injected.searchParams.set('state', request.searchParams.get('state') ?? '')
    const answered = await leaving(victim.get(injected))
    expect(answered.href.startsWith(CALLBACK)).toBe(true)
    expect(answered.searchParams.get('error_description')).toBe('Own Error - 400 error getting token')
    expect((await signInAtProvider(victim, url)).searchParams.get('code')).toBeTruthy()
  })
})
