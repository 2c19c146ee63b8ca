// Bad input to every endpoint and page of user pools, those of tomorrow too: parameters, forms, cookies, headers, methods and
// bodies of any kind. No answer is a fault of the server, none sends the browser to an address that is not registered, and
// every page has the headers that keep other sites out (docs/reference/threats.md 19, docs/reference/oauth-and-federation.md 25).
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { loginPages } from '../../src/login-pages/endpoints.ts'
import { oauthEndpoints } from '../../src/oauth/endpoints.ts'
import { makeProof, makeProofKey } from '../dpop.ts'
import { useTestServer } from '../harness.ts'
import {
  type App,
  authorizeUrl,
  CALLBACK,
  CHALLENGE,
  makeApp,
  makeUser,
  oauthSettings,
  PASSWORD,
  redeem,
  SIGNED_OUT,
} from '../oauth.ts'
import { Browser, leaving } from '../page-walker.ts'
import { type Answer, sendRaw } from '../refusals/raw-request.ts'
import { LONG, SEED } from './trial.ts'

const endpoints = { ...oauthEndpoints, ...loginPages }
const lines: string[] = []
const server = useTestServer({
  env: { PUBLIC_CALLS_PER_MINUTE: '0', LOG_LEVEL: 'warn' },
  logTo: { write: (line) => lines.push(line) },
})

let app: App
/** Values that are right in some place, by the names of all parameters, fields and cookies that there are. */
let right: Record<string, string>
beforeAll(async () => {
  const UserPoolTags = {
    'cognomen:introspection': 'on',
    'cognomen:pushed-authorization': 'on',
    'cognomen:dpop': 'on',
    'cognomen:device-grant:app': 'on',
    'cognomen:token-exchange:app': 'https://api.example.com',
  }
  app = await makeApp(server, { pool: { UserPoolTags }, client: { ClientName: 'app', GenerateSecret: true } })
  const username = await makeUser(app, { email: 'a@example.com' })
  const browser = new Browser()
  const page = await browser.get(authorizeUrl(app))
  const answered = await leaving(browser.submit(page, { username, password: PASSWORD }))
  const { json } = await redeem(app, answered, { client_secret: app.secret ?? '' })
  const own = {
    client_id: app.clientId,
    client_secret: app.secret ?? '',
    redirect_uri: CALLBACK,
    response_type: 'code',
  }
  const begun = async (path: string): Promise<Record<string, string>> => {
    const response = await fetch(`${app.base}${path}`, { method: 'POST', body: new URLSearchParams(own) })
    return (await response.json()) as Record<string, string>
  }
  const device = await begun('/oauth2/device_authorization')
  const { jwk, ...key } = await makeProofKey()
  const proof = await makeProof({ jwk, ...key }, { htu: `${app.base}/oauth2/token` })
  right = {
    request_uri: (await begun('/oauth2/par'))['request_uri'] ?? '',
    device_code: device['device_code'] ?? '',
    user_code: device['user_code'] ?? '',
    subject_token: json['access_token'] ?? '',
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    audience: 'https://api.example.com',
    actor_token: json['access_token'] ?? '',
    actor_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    dpop_jkt: key.jkt,
    decision: 'allow',
    dpop: proof,
    client_id: app.clientId,
    client_secret: app.secret ?? '',
    redirect_uri: CALLBACK,
    logout_uri: SIGNED_OUT,
    post_logout_redirect_uri: SIGNED_OUT,
    id_token_hint: json['id_token'] ?? '',
    response_type: 'code',
    response_mode: 'form_post',
    scope: 'openid email',
    state: 's',
    nonce: 'n',
    prompt: 'none',
    max_age: '1',
    resource: 'https://api.example.com',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    identity_provider: 'COGNITO',
    idp_identifier: 'example.com',
    login_hint: username,
    lang: 'en',
    grant_type: 'refresh_token',
    refresh_token: json['refresh_token'] ?? '',
    access_token: json['access_token'] ?? '',
    token: json['refresh_token'] ?? '',
    code: answered.searchParams.get('code') ?? '',
    aws_client_metadata: '{"a":"b"}',
    username,
    password: PASSWORD,
    pending: 'sealed',
    _csrf: browser.cookie('XSRF-TOKEN') ?? '',
    'XSRF-TOKEN': browser.cookie('XSRF-TOKEN') ?? '',
    cognito: browser.cookie('cognito') ?? '',
  }
})

const MARK = '"><script>hostile</script>'
const hostile = [
  '',
  ' ',
  MARK,
  "';!--",
  '%00',
  '%',
  '%zz',
  '%c0%ae',
  '%ed%a0%80',
  '\u{1f600}',
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
  '%0d%0aset-cookie:%20a=b',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '{"__proto__":{"polluted":1}}',
  'null',
  '-1',
  '9'.repeat(400),
  'a.b.c',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'x'.repeat(6000),
]

interface Sent {
  readonly query: string
  readonly body: string
  readonly type: string | undefined
  readonly headers: readonly (readonly [string, string])[]
}

/** A request for an endpoint: mostly right, with faults. */
function arbitraryRequest(): fc.Arbitrary<Sent> {
  const names = Object.keys(right)
  const value = fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: fc.constantFrom(...hostile) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  )
  const name = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...names) },
    { weight: 1, arbitrary: fc.constantFrom('__proto__', 'toString', MARK, '', 'requiredAttributes[email]') },
  )
  const isRaw = fc.integer({ min: 0, max: 4 }).map((one) => one === 0)
  const pairs = fc
    .array(fc.tuple(name, value, isRaw), { maxLength: 14 })
    .map((all) =>
      all
        .map(([key, given, raw]) => pairText(key, given ?? (Object.hasOwn(right, key) ? right[key] : '') ?? '', raw))
        .join('&'),
    )
  const text = fc.oneof(
    { weight: 6, arbitrary: pairs.map((more) => `${basis()}&${more}`) },
    { weight: 2, arbitrary: pairs },
    { weight: 1, arbitrary: fc.string({ maxLength: 200 }) },
  )
  const header = (one: string, values: readonly string[]) =>
    fc.option(
      fc.constantFrom(...values).map((given) => [one, given] as const),
      { nil: undefined },
    )
  const { clientId, secret } = app
  const basic = (given: string): string => `Basic ${Buffer.from(given).toString('base64')}`
  const headers = fc
    .tuple(
      header('authorization', [
        `Bearer ${right['access_token']}`,
        `Bearer ${right['id_token_hint']}`,
        'Bearer',
        'Bearer x',
        `DPoP ${right['access_token']}`,
        'DPoP x',
        basic(`${clientId}:${secret}`),
        basic(':'),
        basic('%:%'),
        'Basic !',
        'Negotiate x',
        'x'.repeat(3000),
      ]),
      header('dpop', [right['dpop'] ?? '', 'x', MARK, 'a.b.c', `${right['dpop']}, ${right['dpop']}`, 'x'.repeat(5000)]),
      header('cookie', [
        `cognito=${right['cognito']}; XSRF-TOKEN=${right['XSRF-TOKEN']}`,
        `XSRF-TOKEN=${MARK}`,
        'cognito=x; cognito=y; lang=__proto__',
        '=; ;;; =a; lang=toString',
        `cognito=${'x'.repeat(6000)}`,
      ]),
      header('origin', ['null', 'https://evil.example', server.publicUrl, 'x']),
      header('sec-fetch-site', ['same-origin', 'cross-site', 'none', '?']),
      header('accept-language', ['de-AT,de;q=0.9', '*', `${'x,'.repeat(2000)}en`, ';q=;q', 'constructor']),
      header('user-agent', ['Mozilla/5.0', MARK, 'x'.repeat(2000)]),
      header('x-forwarded-for', ['1.2.3.4', MARK]),
    )
    .map((all) => all.filter((one) => one !== undefined))
  const type = fc.constantFrom(
    ...Array.from({ length: 6 }, () => 'application/x-www-form-urlencoded'),
    'application/json',
    'multipart/form-data; boundary=x',
    'text/plain',
    undefined,
  )
  return fc.record({ query: text, body: text, type, headers })
}

/** A well-formed authorization request. */
const basis = (): string =>
  new URLSearchParams({ client_id: app.clientId, redirect_uri: CALLBACK, response_type: 'code' }).toString()

/** Raw: bytes as they are, as far as a request can have them. */
const pairText = (name: string, value: string, raw: boolean): string =>
  raw ? `${name}=${value}` : `${encodeSafely(name)}=${encodeSafely(value)}`
/** Without halves of surrogate pairs, which no request can have. */
const wellFormed = (text: string): string => Buffer.from(text).toString()
const encodeSafely = (text: string): string => encodeURIComponent(wellFormed(text))

const places = [...(oauthSettings.CallbackURLs ?? []), ...(oauthSettings.LogoutURLs ?? [])]

/** What every answer must be. */
function judge(endpoint: string, { status, headers, text }: Answer): void {
  expect(status).toBeLessThan(500)
  expect(text.length).toBeLessThan(64 * 1024)
  expect(headers['x-powered-by']).toBeUndefined()
  expect(text).not.toContain('<script>hostile')
  const { location } = headers
  if (location !== undefined) {
    expect([302, 303]).toContain(status)
    // By the rules of browsers: to a page of the same pool, or to the application.
    const target = new URL(location, `${app.base}/`)
    const isOwn = target.href.startsWith(`${app.base}/`)
    const isApp = places.some((place) =>
      [place, `${place}?`, `${place}#`].some((start) => location === place || location.startsWith(start)),
    )
    expect([location, isOwn || isApp]).toEqual([location, true])
  }
  for (const cookie of headers['set-cookie'] ?? [])
    expect(cookie).toMatch(/^(XSRF-TOKEN|cognito|lang|csrf-state|csrf-state-legacy)=[\w.~-]*; Path=\/[\w-]+; /)
  if (headers['content-type']?.startsWith('text/html')) {
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers['x-frame-options']).toBe('DENY')
    expect(headers['cache-control']).toMatch(/no-store/)
  }
  if (status !== 405) expect(headers['x-content-type-options']).toBe('nosniff')
  if (endpoints[endpoint]?.cors && status >= 400 && status !== 405)
    expect(JSON.parse(text)).toMatchObject({ error: expect.stringMatching(/^[a-z_]+$/) })
}

/** The statuses of all answers. */
const seen = new Set<number>()
const RUNS = LONG ? 2000 : 40

describe.each(Object.keys(endpoints))('%s', (endpoint) => {
  const [method = '', path = ''] = endpoint.split(' ')

  test('answers whatever is sent', { timeout: LONG ? 600_000 : 60_000 }, async () => {
    for (const { query, body, type, headers } of fc.sample(arbitraryRequest(), { numRuns: RUNS, seed: SEED })) {
      // What Node.js itself refuses to send in a request line.
      const safe = encodeURI(wellFormed(query)).replaceAll('%25', '%').replaceAll('#', '%23')
      const request = {
        method,
        path: `/${app.poolId}${path}?${safe}`.slice(0, 12_000),
        headers: [
          ['host', new URL(server.url).host] as const,
          ...(type === undefined ? [] : [['content-type', type] as const]),
          ...headers,
        ],
        body: method === 'POST' ? wellFormed(body) : '',
      }
      const answer = await sendRaw(server, request)
      seen.add(answer.status)
      try {
        judge(endpoint, answer)
      } catch (error) {
        throw new Error(`${JSON.stringify(request)} was answered ${answer.status}\n${(error as Error).message}`)
      }
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    // Faults of the server that an answer would hide.
    expect(lines.filter((line) => line.includes('"level":50'))).toEqual([])
  })

  test('refuses other methods, and bodies that are too large', async () => {
    const host = [['host', new URL(server.url).host] as const]
    for (const other of ['PUT', 'DELETE', 'PATCH', 'PROPFIND']) {
      const { status, headers } = await sendRaw(server, {
        method: other,
        path: `/${app.poolId}${path}`,
        headers: host,
        body: '',
      })
      expect([other, status, headers.allow?.split(', ')]).toEqual([other, 405, expect.arrayContaining([method])])
    }
    if (method !== 'POST') return
    const answer = await sendRaw(server, {
      method,
      path: `/${app.poolId}${path}`,
      headers: [...host, ['content-type', 'application/x-www-form-urlencoded']],
      body: `a=${'x'.repeat(200 * 1024)}`,
    })
    expect(answer.status).toBe(413)
  })
})

test('some requests were right, and some wrong in each way', () => {
  expect([...seen]).toEqual(expect.arrayContaining([200, 302, 303, 400, 401, 403]))
})
