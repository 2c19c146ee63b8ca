// Each provider against a stand-in on this machine that answers as the true one does.
import { createHmac, generateKeyPairSync } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { exportJWK, SignJWT } from 'jose'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { TestClock } from '../../../test/harness.ts'
import { useLoopbackServer } from '../../../test/loopback-server.ts'
import { type HostSet, parseHosts } from '../../config/allowed-hosts.ts'
import { providerEndpoints, type SocialHost } from '../../effects/provider-endpoints.ts'
import { systemRandom } from '../../effects/random.ts'
import { createWebClient } from '../../effects/web-client.ts'
import { createProviderKeys } from '../oidc/provider-keys.ts'
import type { SocialContext, SocialProvider } from './social-login.ts'
import { isSocialProvider, verifySocialLogin } from './social-providers.ts'

type Answer = { status?: number; json?: unknown; text?: string } | 'nothing'
let answers: Record<string, Answer | ((request: IncomingMessage) => Answer)> = {}
let seen: IncomingMessage[] = []
const server = useLoopbackServer((request, response) => {
  seen.push(request)
  const { pathname } = new URL(request.url as string, 'http://x')
  const found = Object.hasOwn(answers, pathname) ? answers[pathname] : undefined
  const answer = typeof found === 'function' ? found(request) : (found ?? { status: 404 })
  if (answer === 'nothing') return request.socket.destroy()
  response.writeHead(answer.status ?? 200).end(answer.text ?? JSON.stringify(answer.json ?? {}))
})
let base: string
let context: SocialContext
const clock = new TestClock()
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

beforeAll(async () => {
  base = `http://127.0.0.1:${server.port}`
  const web = createWebClient({ allowed: parseHosts('') as HostSet, loopback: true, timeoutMs: 1000 })
  const hosts = Object.keys(providerEndpoints) as SocialHost[]
  context = {
    clock,
    web,
    random: systemRandom(),
    providerKeys: createProviderKeys(web, clock),
    providerEndpoints: Object.fromEntries(hosts.map((host) => [host, `${base}/${host}`])) as Record<SocialHost, string>,
    publicUrl: 'http://127.0.0.1:1',
  } as Partial<SocialContext> as SocialContext
})
beforeEach(() => {
  answers = {}
  seen = []
})

const verify = (provider: SocialProvider, token: string, application?: string) =>
  verifySocialLogin(context, { provider, token, ...(application !== undefined && { application }) })
const refusal = async (...input: Parameters<typeof verify>) => {
  const result = await verify(...input)
  return 'refused' in result ? result.refused : result
}

describe.each([
  ['accounts.google.com', 'google'],
  ['appleid.apple.com', 'apple'],
] as const)('%s', (provider, host) => {
  const issuer = (): string => `${base}/${host}`
  const token = (claims: Record<string, unknown> = {}) =>
    new SignJWT({ iss: issuer(), sub: '1122', aud: 'app-1', exp: Math.floor(clock.now() / 1000) + 600, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .sign(privateKey)
  beforeEach(async () => {
    answers[`/${host}/.well-known/openid-configuration`] = { json: { issuer: issuer(), jwks_uri: `${issuer()}/keys` } }
    answers[`/${host}/keys`] = { json: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] } }
  })

  test('an ID token', async () => {
    const login = { provider, subject: '1122', audience: 'app-1' }
    expect(await verify(provider, await token({ email: 'a@b' }), 'app-1')).toMatchObject({
      ...login,
      claims: { email: 'a@b' },
    })
    expect(await verify(provider, await token())).toMatchObject(login)
    expect(await verify(provider, await token(), 'app-0; app-1')).toMatchObject(login)
    expect(await verify(provider, await token({ aud: ['x', 'app-1'] }), 'app-1')).toMatchObject({ audience: 'x' })
  })

  test('azp is used instead of aud', async () => {
    const forPhone = await token({ azp: 'phone', aud: 'app-1' })
    expect(await verify(provider, forPhone, 'phone')).toMatchObject({ audience: 'phone' })
    expect(await refusal(provider, forPhone, 'app-1')).toBe('wrong-audience')
  })

  test('refusals', async () => {
    expect(await refusal(provider, await token(), 'app')).toBe('wrong-audience')
    expect(await refusal(provider, await token(), 'app-11')).toBe('wrong-audience')
    expect(await refusal(provider, await token(), '')).toBe('wrong-audience')
    expect(await refusal(provider, await token({ aud: undefined }))).toBe('invalid-claims')
    expect(await refusal(provider, 'ya29.access-token')).toBe('not-a-jwt')
    expect(await refusal(provider, await token({ iss: 'https://evil.example' }))).toBe('wrong-issuer')
    expect(await refusal(provider, await token({ exp: 1 }))).toBe('expired')
    expect(await refusal(provider, (await token()).replace(/.{8}$/, 'AAAAAAAA'))).toBe('bad-signature')
  })

  test(`iss without its scheme is ${host === 'google' ? 'the same' : 'another'}`, async () => {
    const bare = await token({ iss: issuer().replace('http://', '') })
    expect(await refusal(provider, bare)).toEqual(
      host === 'google' ? expect.objectContaining({ subject: '1122' }) : 'wrong-issuer',
    )
  })
})

describe('graph.facebook.com', () => {
  const provider = 'graph.facebook.com'
  beforeEach(() => {
    answers = {
      '/facebook/app': { json: { id: '123' } },
      '/facebook/me': { json: { id: '777', name: 'Ada', email: 'ada@example.com' } },
    }
  })

  test('an access token', async () => {
    expect(await verify(provider, 'EAAB+/=', '123')).toEqual({
      provider,
      subject: '777',
      audience: '123',
      claims: { id: '777', name: 'Ada', email: 'ada@example.com', app_id: '123' },
    })
    expect(seen.map(({ url }) => new URL(url as string, base).searchParams.get('access_token'))).toEqual([
      'EAAB+/=',
      'EAAB+/=',
    ])
    expect(await verify(provider, 'x')).toMatchObject({ audience: '123' })
  })

  test('of another application is refused before the user is requested', async () => {
    expect(await refusal(provider, 'x', '1234')).toBe('wrong-audience')
    expect(seen.map(({ url }) => url?.split('?')[0])).toEqual(['/facebook/app'])
  })

  test.each<[string, string, Answer]>([
    ['unknown', 'invalid-token', { status: 400, json: { error: { type: 'OAuthException', code: 190 } } }],
    ['unknown', 'invalid-token', { status: 401 }],
    ['not now', 'unreachable', { status: 429 }],
    ['down', 'unreachable', { status: 500 }],
    ['gone', 'unreachable', 'nothing'],
    ['a page', 'unreachable', { text: '<html>' }],
    ['no id', 'unreachable', { json: {} }],
    ['an odd id', 'unreachable', { json: { id: { a: 1 } } }],
    ['a redirect to a private address', 'unreachable', { status: 302 }],
  ])('an answer that is %s: %s', async (_case, refused, answer) => {
    for (const path of ['/facebook/app', '/facebook/me']) {
      const before = answers[path] as Answer
      answers[path] = answer
      expect(await refusal(provider, 'x', '123')).toBe(refused)
      answers[path] = before
    }
  })

  test.each(['', 'a b', 'a\r\nb', 'ü', 'x'.repeat(4097)])('%j is refused without a request', async (token) => {
    expect(await refusal(provider, token)).toBe('invalid-token')
    expect(seen).toEqual([])
  })

  test('a token cannot change the request', async () => {
    await verify(provider, 'x&fields=email#/../y?z')
    expect(seen[0]?.url).toBe('/facebook/app?fields=id&access_token=x%26fields%3Demail%23%2F..%2Fy%3Fz')
  })
})

describe('www.amazon.com', () => {
  const provider = 'www.amazon.com'
  const info = {
    iss: 'https://www.amazon.com',
    user_id: 'amzn1.account.A',
    aud: 'amzn1.application-oa2-client.C',
    app_id: 'amzn1.application.B',
    exp: 3597,
  }
  beforeEach(() => {
    answers = {
      '/amazon/auth/o2/tokeninfo': { json: info },
      '/amazon/user/profile': { json: { user_id: 'amzn1.account.A', name: 'Ada', email: 'ada@example.com' } },
    }
  })

  test('an access token', async () => {
    const login = await verify(provider, 'Atza|x', 'amzn1.application.B')
    expect(login).toEqual({
      provider,
      subject: 'amzn1.account.A',
      audience: 'amzn1.application.B',
      claims: { user_id: 'amzn1.account.A', name: 'Ada', email: 'ada@example.com', aud: info.aud, app_id: info.app_id },
    })
    expect(seen[1]?.headers.authorization).toBe('Bearer Atza|x')
    expect(await verify(provider, 'x', info.aud)).toMatchObject({ audience: 'amzn1.application.B' })
  })

  test('without the scope of the profile', async () => {
    answers['/amazon/user/profile'] = { status: 403 }
    expect(await verify(provider, 'x')).toMatchObject({
      subject: 'amzn1.account.A',
      claims: { user_id: 'amzn1.account.A' },
    })
  })

  test('refusals', async () => {
    const withInfo = (json: unknown): void => {
      answers['/amazon/auth/o2/tokeninfo'] = { json }
    }
    expect(await refusal(provider, 'x', 'amzn1.application.X')).toBe('wrong-audience')
    expect(await refusal(provider, 'a b')).toBe('invalid-token')
    answers['/amazon/user/profile'] = { json: { user_id: 'amzn1.account.Z' } }
    expect(await refusal(provider, 'x')).toBe('invalid-claims')
    answers['/amazon/user/profile'] = { status: 500 }
    expect(await refusal(provider, 'x')).toBe('unreachable')
    withInfo({ ...info, iss: 'https://evil.example' })
    expect(await refusal(provider, 'x')).toBe('wrong-issuer')
    withInfo({ ...info, exp: 0 })
    expect(await refusal(provider, 'x')).toBe('expired')
    withInfo({ ...info, user_id: undefined })
    expect(await refusal(provider, 'x')).toBe('unreachable')
    withInfo({ ...info, aud: undefined, app_id: undefined })
    expect(await refusal(provider, 'x')).toBe('unreachable')
    answers['/amazon/auth/o2/tokeninfo'] = { status: 400, json: { error: 'invalid_token' } }
    expect(await refusal(provider, 'x')).toBe('invalid-token')
  })
})

describe.each([
  ['api.twitter.com', '/twitter/1.1/account/verify_credentials.json'],
  ['www.digits.com', '/digits/1.1/sdk/account.json'],
] as const)('%s', (provider, path) => {
  /** Verifies the signature as a provider does, and answers who the token belongs to. */
  const signedBy = (consumerSecret: string, tokenSecret: string) => (request: IncomingMessage) => {
    const given = new Map(
      [...(request.headers.authorization ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        decodeURIComponent(value),
      ]),
    )
    const signature = given.get('oauth_signature')
    given.delete('oauth_signature')
    const parameters = [...given]
      .sort()
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&')
    const text = `GET&${encodeURIComponent(base + path)}&${encodeURIComponent(parameters)}`
    const expected = createHmac('sha1', `${consumerSecret}&${tokenSecret}`).update(text).digest('base64')
    const fresh = Math.abs(Number(given.get('oauth_timestamp')) - clock.now() / 1000) < 5
    return signature === expected && fresh
      ? { json: { id: 1.2345678901234568e18, id_str: '1234567890123456789', screen_name: 'ada' } }
      : { status: 401 }
  }
  beforeEach(() => {
    answers[path] = signedBy('consumerSecret', 'tokenSecret')
  })

  test('a token with its secret', async () => {
    expect(await verify(provider, 'token;tokenSecret', 'consumer;consumerSecret')).toEqual({
      provider,
      subject: '1234567890123456789',
      audience: 'consumer',
      claims: expect.objectContaining({ screen_name: 'ada' }),
    })
    await verify(provider, 'token;tokenSecret', 'consumer;consumerSecret')
    const nonces = seen.map(({ headers }) => /oauth_nonce="(\w{32})"/.exec(headers.authorization ?? '')?.[1])
    expect(new Set(nonces).size).toBe(2)
  })

  test('refusals', async () => {
    expect(await refusal(provider, 'token;other', 'consumer;consumerSecret')).toBe('invalid-token')
    expect(await refusal(provider, 'token;tokenSecret', 'consumer;other')).toBe('invalid-token')
    for (const token of ['', 'token', 'a;b;c', ';b', 'a;', 'a b;c', 'a\n;b'])
      expect(await refusal(provider, token, 'a;b')).toBe('invalid-token')
    for (const application of [undefined, '', 'key', 'a;b;c', 'key;'])
      expect(await refusal(provider, 'a;b', application)).toBe('wrong-audience')
    answers[path] = { json: { id: 7 } }
    expect(await refusal(provider, 'a;b', 'a;b')).toBe('unreachable')
    answers[path] = 'nothing'
    expect(await refusal(provider, 'a;b', 'a;b')).toBe('unreachable')
  })
})

test('the table has the names of the providers only', () => {
  expect(isSocialProvider('graph.facebook.com')).toBe(true)
  for (const name of ['', 'facebook.com', '__proto__', 'constructor', 'toString'])
    expect(isSocialProvider(name)).toBe(false)
})

test('nothing throws', async () => {
  const providers = [
    'accounts.google.com',
    'appleid.apple.com',
    'graph.facebook.com',
    'www.amazon.com',
    'api.twitter.com',
    'www.digits.com',
  ] as const
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...providers),
      fc.string({ unit: 'binary' }),
      fc.string(),
      async (provider, token, application) => {
        expect(await verify(provider, token, application)).toHaveProperty('refused')
      },
    ),
  )
})
